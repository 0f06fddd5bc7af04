import { createHash, randomUUID } from "node:crypto";
import { type CryptoKey, importJWK, SignJWT } from "jose";
import { NODE_API_AUDIENCE } from "#lib/contract/node-protocol.ts";
import type { ControlClock } from "./clock.ts";
import { type ControlResponse, ControlTransport } from "./control-transport.ts";
import type { NodeIdentity } from "./identity.ts";

/** Dated back a little, so that two clocks which differ by seconds still agree. */
const BACKDATED_S = 5;
const LIFETIME_S = 40;
const ANSWER_BYTES_MAX = 1024 * 1_024;
const EMPTY_BODY = Buffer.alloc(0);

/** An answer that is not 2xx. Carries no part of the body: it may be anything. */
export class ControlAnswer extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`The control plane answered ${status}`);
    this.name = "ControlAnswer";
    this.status = status;
  }
}

/**
 * Speaks to the control plane as this node: every request carries a JWT signed with the node's Ed25519 key and bound to
 * method, path and body, so that it serves for nothing else.
 */
export class SignedClient {
  private readonly identity: NodeIdentity;
  private readonly transport: ControlTransport;
  private readonly clock: ControlClock;
  private key: CryptoKey | Uint8Array | null = null;

  constructor(identity: NodeIdentity, clock: ControlClock) {
    this.identity = identity;
    this.clock = clock;
    this.transport = new ControlTransport(identity.controlUrl);
  }

  /** Sends a request. The caller bounds the body. Rejects when the control plane is away. */
  async send(
    method: "GET" | "POST",
    path: string,
    body: Buffer | null,
    options: { bodyTimeoutMs: number; signal?: AbortSignal },
  ): Promise<ControlResponse> {
    const authorization = `Bearer ${await this.sign(method, path, body ?? EMPTY_BODY)}`;
    const askedAtMs = Date.now();
    const answer = await this.transport.send({
      method,
      path,
      headers: body === null ? { authorization } : { authorization, "content-type": "application/json" },
      body,
      silenceMsMax: options.bodyTimeoutMs,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    // A node whose clock is far off is refused before it is told the time: then the Date header is the only clock there is.
    const { date } = answer;
    if (answer.status === 401 && date !== null) {
      const serverMs = Date.parse(date);
      if (Number.isFinite(serverMs)) this.clock.learn(new Date(serverMs).toISOString(), askedAtMs, Date.now());
    }
    return answer;
  }

  /** Posts JSON and returns the parsed JSON of a 2xx answer. Throws `ControlAnswer` for every other status. */
  async post(path: string, body: Buffer, signal?: AbortSignal): Promise<unknown> {
    const options = { bodyTimeoutMs: 10_000, ...(signal === undefined ? {} : { signal }) };
    const answer = await this.send("POST", path, body, options);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > ANSWER_BYTES_MAX) throw new Error("The control plane's answer is too long");
      chunks.push(chunk);
    }
    if (answer.status < 200 || answer.status > 299) throw new ControlAnswer(answer.status);
    return JSON.parse(Buffer.concat(chunks).toString());
  }

  private async sign(method: string, path: string, body: Buffer): Promise<string> {
    this.key ??= await importJWK({ ...this.identity.signingKey }, "EdDSA");
    const issuedAt = Math.floor(this.clock.nowMs() / 1_000) - BACKDATED_S;
    return await new SignJWT({
      htm: method,
      htu: path,
      bsh: createHash("sha256").update(body).digest("base64url"),
    })
      .setProtectedHeader({ alg: "EdDSA" })
      .setIssuer(this.identity.nodeId)
      .setAudience(NODE_API_AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_S)
      .setJti(randomUUID())
      .sign(this.key);
  }

  close(): void {
    this.transport.close();
  }
}
