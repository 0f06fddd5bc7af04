import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { CompactEncrypt, decodeJwt, importJWK, jwtVerify } from "jose";
import { canonicalJson, sha256Hex } from "#lib/contract/canonical.ts";
import type { DirectoryChange } from "#lib/contract/directory.ts";
import {
  ANSWER_HEADER,
  answerText,
  bytesHash,
  messageMac,
  SESSION_HEADER,
  TIME_HEADER,
} from "#lib/contract/node-answer.ts";
import {
  type CredentialBundle,
  JoinRequest,
  KeyAnnouncement,
  NODE_API_AUDIENCE,
  NodeReport,
  PublicJwk,
  type SignedRevision,
  type StreamMessage,
  UsageBatch,
} from "#lib/contract/node-protocol.ts";
import type { PolicyDocument } from "#lib/contract/policy-document.ts";
import type { UsageEvent } from "#lib/contract/usage-event.ts";

interface Subscriber {
  readonly response: ServerResponse;
  readonly key: Buffer;
  place: number;
  revision: number;
  directory: number;
  credentials: number;
}

/**
 * A small control plane for tests: the real protocol over real sockets with real keys, and the real rule that a node is
 * not offered again what its report says it has rejected. One node.
 */
export class TestControlPlane {
  private readonly keys = generateKeyPairSync("ed25519");
  private readonly server: Server;
  private subscriber: Subscriber | null = null;
  private signingKey: PublicJwk | null = null;
  private sealingKey: PublicJwk | null = null;
  private revision: SignedRevision | null = null;
  private readonly changes: DirectoryChange[] = [];
  private credentialVersion = 0;
  private credentials: CredentialBundle["credentials"] = [];
  readonly nodeId = "node_test";
  epoch = 1;
  /** Every request of the node is answered that it was removed. */
  isNodeRemoved = false;
  private announcedKey: PublicJwk | null = null;
  /** How often the node has begun to sign with another key. */
  keyChanges = 0;
  /** How many nodes serve, as answers to reports say; null: they do not say. */
  servingNodes: number | null = null;
  readonly reports: NodeReport[] = [];
  readonly events: UsageEvent[] = [];
  private readonly known = new Set<string>();
  /** Answers to reports leave out what a control plane of the release before would not say. */
  saysOnlyWhatItMust = false;
  /** The report endpoint answers this instead, when set. */
  reportStatus: number | null = null;
  /** The usage endpoint answers this instead, when set. */
  usageStatus: number | null = null;
  batches = 0;
  /** Streams that were opened. */
  connections = 0;
  /** The numbers of the revisions that were sent, in order. */
  readonly offered: number[] = [];

  private constructor() {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.writeHead(500).end());
    });
  }

  static async start(): Promise<TestControlPlane> {
    const plane = new TestControlPlane();
    await new Promise<void>((resolve) => plane.server.listen(0, "127.0.0.1", resolve));
    return plane;
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  get controlKey(): PublicJwk {
    return PublicJwk.parse(this.keys.publicKey.export({ format: "jwk" }));
  }

  get joinToken(): string {
    const raw = Buffer.from(this.controlKey.x, "base64url");
    return `tpj_once.${createHash("sha256").update(raw).digest("base64url")}`;
  }

  /** Signs a document as the given revision, with this plane's key or another's. */
  signed(number: number, document: unknown, key: KeyObject = this.keys.privateKey): SignedRevision {
    return this.signedText(number, canonicalJson(document), key);
  }

  /** Signs a text, whatever is in it. */
  signedText(number: number, text: string, key: KeyObject = this.keys.privateKey): SignedRevision {
    const header = { epoch: this.epoch, number, parent: number - 1, sha256: sha256Hex(text) };
    const signature = sign(null, Buffer.from(canonicalJson(header)), key).toString("base64url");
    return { encoding: "full", header, signature, document: text };
  }

  publish(revision: SignedRevision): void {
    this.revision = revision;
    this.push();
  }

  publishDocument(number: number, document: PolicyDocument): void {
    this.publish(this.signed(number, document));
  }

  /** Appends to the directory's log. */
  change(change: DirectoryChange): void {
    this.changes.push({ ...change, sequence: this.changes.length + 1 });
    this.push();
  }

  setCredentials(credentials: CredentialBundle["credentials"]): void {
    this.credentials = credentials;
    this.credentialVersion += 1;
    this.push();
  }

  /** Sends anything to the node, as it stands, in the control plane's own name. */
  sendRaw(data: unknown): void {
    const to = this.subscriber;
    if (to === null) return;
    const text = JSON.stringify(data);
    to.place += 1;
    this.sendBytes(`id: ${messageMac(to.key, to.place, bytesHash(text))}\ndata: ${text}\n\n`);
  }

  /** Writes into the node's stream what somebody between could write. */
  sendBytes(text: string): void {
    this.subscriber?.response.write(text);
  }

  /** Cuts the stream, as a control plane that dies does. */
  cutStream(): void {
    this.subscriber?.response.destroy();
    this.subscriber = null;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private push(): void {
    void this.pushMissing();
  }

  private async pushMissing(): Promise<void> {
    const to = this.subscriber;
    if (to === null || this.sealingKey === null) return;
    if (to.credentials < this.credentialVersion) {
      to.credentials = this.credentialVersion;
      this.send({ kind: "credentials", version: to.credentials, sealed: await this.seal(this.sealingKey) });
    }
    const number = this.revision?.header.number ?? 0;
    if (this.revision !== null && to.revision !== number) {
      to.revision = number;
      if (!this.reports.some((report) => report.rejected?.revision === number)) {
        this.offered.push(number);
        this.send({ kind: "revision", revision: this.revision });
      }
    }
    if (to.directory < this.changes.length) {
      const changes = this.changes.slice(to.directory);
      to.directory = this.changes.length;
      this.send({ kind: "directory", reset: false, changes, cursor: to.directory, head: to.directory });
    }
  }

  private async seal(to: PublicJwk): Promise<string> {
    const bundle: CredentialBundle = {
      version: this.credentialVersion,
      nodeId: this.nodeId,
      credentials: this.credentials,
    };
    return await new CompactEncrypt(Buffer.from(JSON.stringify(bundle)))
      .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM" })
      .encrypt(await importJWK(to, "ECDH-ES"));
  }

  private send(message: StreamMessage): void {
    this.sendRaw(message);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? "/", this.url);
    if (url.pathname === "/api/node/v1/join") return this.join(body, response);
    if (!(await this.isSigned(request, body))) {
      response.writeHead(401).end("{}");
      return;
    }
    const jti = String(decodeJwt(bearer(request)).jti);
    const reply = (status: number, value: unknown): void => this.reply(response, jti, status, value);
    if (this.isNodeRemoved) return reply(401, { code: "node_removed" });
    switch (url.pathname) {
      case "/api/node/v1/stream":
        return await this.stream(url, response, jti);
      case "/api/node/v1/report":
        if (this.reportStatus !== null) return reply(this.reportStatus, {});
        this.reports.push(NodeReport.parse(JSON.parse(body.toString())));
        return reply(200, {
          serverTime: new Date().toISOString(),
          wantedRevision: 0,
          ...(this.saysOnlyWhatItMust ? {} : { epoch: this.epoch, directoryHead: this.changes.length }),
          ...(this.servingNodes === null ? {} : { servingNodes: this.servingNodes }),
        });
      case "/api/node/v1/usage":
        return this.usage(body, reply);
      case "/api/node/v1/key":
        return this.takeKey(body, reply);
      default:
        return reply(404, {});
    }
  }

  /** Answers in the control plane's own name. */
  private reply(response: ServerResponse, jti: string, status: number, value: unknown): void {
    const text = JSON.stringify(value);
    const headers = this.proof(jti, status, text);
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
  }

  private proof(jti: string, status: number, text: string): Record<string, string> {
    const time = new Date().toISOString();
    const signed = answerText({ nodeId: this.nodeId, jti, status, time, bsh: bytesHash(text) });
    const signature = sign(null, Buffer.from(signed), this.keys.privateKey).toString("base64url");
    return { [ANSWER_HEADER]: signature, [TIME_HEADER]: time };
  }

  private takeKey(body: Buffer, reply: (status: number, value: unknown) => void): void {
    this.announcedKey = KeyAnnouncement.parse(JSON.parse(body.toString())).signingKey;
    reply(200, null);
  }

  private join(body: Buffer, response: ServerResponse): undefined {
    const parsed = JoinRequest.parse(JSON.parse(body.toString()));
    if (parsed.joinToken !== "tpj_once" || this.signingKey !== null) return json(response, 401, {});
    this.signingKey = parsed.signingKey;
    this.sealingKey = parsed.sealingKey;
    const { nodeId, controlKey, epoch } = this;
    json(response, 201, { nodeId, name: parsed.name, group: "default", controlKey, epoch });
  }

  private async isSigned(request: IncomingMessage, body: Buffer): Promise<boolean> {
    if (this.signingKey === null) return false;
    if (this.announcedKey !== null && (await this.isSignedWith(this.announcedKey, request, body))) {
      this.signingKey = this.announcedKey;
      this.announcedKey = null;
      this.keyChanges += 1;
      return true;
    }
    return await this.isSignedWith(this.signingKey, request, body);
  }

  private async isSignedWith(key: PublicJwk, request: IncomingMessage, body: Buffer): Promise<boolean> {
    const verified = await jwtVerify(bearer(request), await importJWK(key, "EdDSA"), {
      audience: NODE_API_AUDIENCE,
      issuer: this.nodeId,
      maxTokenAge: 60,
    }).catch(() => null);
    const bsh = createHash("sha256").update(body).digest("base64url");
    const { payload } = verified ?? { payload: {} as Record<string, unknown> };
    return payload.htm === request.method && payload.htu === request.url && payload.bsh === bsh;
  }

  private async stream(url: URL, response: ServerResponse, jti: string): Promise<void> {
    this.connections += 1;
    const key = randomBytes(32);
    const sealed = await new CompactEncrypt(key)
      .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM" })
      .encrypt(await importJWK(this.sealingKey ?? this.controlKey, "ECDH-ES"));
    const proof = this.proof(jti, 200, sealed);
    response.writeHead(200, { "content-type": "text/event-stream", [SESSION_HEADER]: sealed, ...proof });
    const isSameEpoch = url.searchParams.get("epoch") === String(this.epoch);
    const at = (name: string): number => (isSameEpoch ? Number(url.searchParams.get(name)) : 0);
    this.subscriber = {
      response,
      key,
      place: 0,
      revision: at("revision"),
      directory: at("directory"),
      credentials: at("credentials"),
    };
    this.send({
      kind: "hello",
      epoch: this.epoch,
      serverTime: new Date().toISOString(),
      wantedRevision: this.revision?.header.number ?? 0,
      directoryHead: this.changes.length,
    });
    this.push();
  }

  private usage(body: Buffer, reply: (status: number, value: unknown) => void): void {
    this.batches += 1;
    if (this.usageStatus !== null) {
      reply(this.usageStatus, {});
      return;
    }
    const { events } = UsageBatch.parse(JSON.parse(body.toString()));
    for (const event of events) {
      if (this.known.has(event.id)) continue;
      this.known.add(event.id);
      this.events.push(event);
    }
    reply(200, { throughSequence: events.at(-1)?.sequence ?? 0 });
  }
}

function bearer(request: IncomingMessage): string {
  return request.headers.authorization?.slice("Bearer ".length) ?? "";
}

function json(response: ServerResponse, status: number, value: unknown): undefined {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
