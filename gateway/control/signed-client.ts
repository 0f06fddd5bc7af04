import { createHash, type KeyObject, randomUUID } from "node:crypto";
import { type CryptoKey, importJWK, SignJWT } from "jose";
import { z } from "zod";
import { NODE_API_AUDIENCE } from "#lib/contract/node-protocol.ts";
import type { ControlClock } from "./clock.ts";
import { type ControlResponse, ControlTransport } from "./control-transport.ts";
import type { NodeIdentity } from "./identity.ts";
import { controlKeyOf, openStreamKey, requireProof } from "./proved-answer.ts";

/** Dated back a little, so that two clocks which differ by seconds still agree. */
const BACKDATED_S = 5;
const LIFETIME_S = 40;
const ANSWER_BYTES_MAX = 1024 * 1_024;
const ANSWER_SILENCE_MS_MAX = 10_000;
const EMPTY_BODY = Buffer.alloc(0);

const Problem = z.object({ code: z.string().max(60) });

/** An answer of the control plane's own that is not 2xx: its status, and the code it gives. */
export class ControlAnswer extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(`The control plane answered ${status} ${code}`);
    this.name = "ControlAnswer";
    this.status = status;
    this.code = code;
  }
}

interface Asked {
  readonly nodeId: string;
  readonly jti: string;
  /** Milliseconds since 1970 by this machine's clock. */
  readonly atMs: number;
}

/**
 * Speaks to the control plane as this node: every request carries a JWT signed with the node's Ed25519 key and bound to
 * method, path and body, so that it serves for nothing else, and every answer must be signed with the control plane's key
 * for this very request. What is not is as if it had not come.
 */
export class SignedClient {
  private readonly identity: { readonly current: NodeIdentity };
  private readonly transport: ControlTransport;
  private readonly clock: ControlClock;
  private readonly controlKey: KeyObject;
  private readonly onRemoved: () => void;
  private key: { readonly x: string; readonly imported: CryptoKey | Uint8Array } | null = null;

  /** `identity`: as it stands at each request. `onRemoved`: the control plane says that this node was removed. */
  constructor(identity: { readonly current: NodeIdentity }, clock: ControlClock, onRemoved: () => void) {
    this.identity = identity;
    this.clock = clock;
    this.onRemoved = onRemoved;
    this.controlKey = controlKeyOf(identity.current);
    this.transport = new ControlTransport(identity.current.controlUrl);
  }

  /**
   * Posts JSON and returns the parsed JSON of a 2xx answer. Throws `ControlAnswer` for every other status and
   * `UnprovedAnswer` for what is not the control plane's. Rejects when it is away.
   */
  async post(path: string, body: Buffer, signal?: AbortSignal): Promise<unknown> {
    const { answer, asked } = await this.send("POST", path, body, ANSWER_SILENCE_MS_MAX, signal);
    const bytes = await this.readProved(answer, asked);
    if (answer.status < 200 || answer.status > 299) throw this.refusal(answer.status, bytes);
    return JSON.parse(bytes.toString());
  }

  /** Opens a stream: its chunks, and the key under which its messages are authenticated. Throws as `post` does. */
  async openStream(
    path: string,
    options: { silenceMsMax: number; signal: AbortSignal },
  ): Promise<{ body: AsyncIterable<Buffer>; key: Buffer }> {
    const { answer, asked } = await this.send("GET", path, null, options.silenceMsMax, options.signal);
    if (answer.status !== 200) throw this.refusal(answer.status, await this.readProved(answer, asked));
    try {
      const { sealingKey } = this.identity.current;
      return { body: answer.body, key: await openStreamKey(answer, asked, this.controlKey, sealingKey) };
    } catch (error) {
      answer.discard();
      throw error;
    }
  }

  private async send(
    method: "GET" | "POST",
    path: string,
    body: Buffer | null,
    silenceMsMax: number,
    signal?: AbortSignal,
  ): Promise<{ answer: ControlResponse; asked: Asked }> {
    const asked = { nodeId: this.identity.current.nodeId, jti: randomUUID(), atMs: Date.now() };
    const authorization = `Bearer ${await this.sign(asked, method, path, body ?? EMPTY_BODY)}`;
    const answer = await this.transport.send({
      method,
      path,
      headers: body === null ? { authorization } : { authorization, "content-type": "application/json" },
      body,
      silenceMsMax,
      ...(signal === undefined ? {} : { signal }),
    });
    return { answer, asked };
  }

  private async readProved(answer: ControlResponse, asked: Asked): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > ANSWER_BYTES_MAX) throw new Error("The control plane's answer is too long");
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    const { nodeId, jti } = asked;
    const time = requireProof(answer, { nodeId, jti }, this.controlKey, bytes);
    // A node whose clock is far off is refused before anything else can tell it the time.
    if (answer.status === 401) this.clock.learn(time, asked.atMs, Date.now());
    return bytes;
  }

  private refusal(status: number, bytes: Buffer): ControlAnswer {
    const code = codeOf(bytes);
    if (code === "node_removed") this.onRemoved();
    return new ControlAnswer(status, code);
  }

  private async sign({ nodeId, jti }: Asked, method: string, path: string, body: Buffer): Promise<string> {
    const issuedAt = Math.floor(this.clock.nowMs() / 1_000) - BACKDATED_S;
    return await new SignJWT({
      htm: method,
      htu: path,
      bsh: createHash("sha256").update(body).digest("base64url"),
    })
      .setProtectedHeader({ alg: "EdDSA" })
      .setIssuer(nodeId)
      .setAudience(NODE_API_AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_S)
      .setJti(jti)
      .sign(await this.presentKey());
  }

  private async presentKey(): Promise<CryptoKey | Uint8Array> {
    const { signingKey } = this.identity.current;
    if (this.key?.x !== signingKey.x) {
      this.key = { x: signingKey.x, imported: await importJWK({ ...signingKey }, "EdDSA") };
    }
    return this.key.imported;
  }

  close(): void {
    this.transport.close();
  }
}

function codeOf(bytes: Buffer): string {
  try {
    return Problem.parse(JSON.parse(bytes.toString())).code;
  } catch {
    return "no_code";
  }
}
