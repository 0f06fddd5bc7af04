import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { compactDecrypt, importJWK } from "jose";
import {
  ANSWER_HEADER,
  answerText,
  bytesHash,
  SESSION_HEADER,
  SESSION_KEY_BYTES,
  TIME_HEADER,
} from "#lib/contract/node-answer.ts";
import type { ControlResponse } from "./control-transport.ts";
import type { NodeIdentity } from "./identity.ts";

/** An answer that is not from the control plane this node has joined, or was changed on the way. */
export class UnprovedAnswer extends Error {
  constructor(status: number) {
    super(`An answer (status ${status}) is not signed by this node's control plane`);
    this.name = "UnprovedAnswer";
  }
}

/** The key that answers are signed with, as the identity pins it. */
export function controlKeyOf({ controlKey }: NodeIdentity): KeyObject {
  return createPublicKey({ key: { ...controlKey }, format: "jwk" });
}

/**
 * Checks that an answer is the control plane's own and to the request with this `jti`. Returns its clock, ISO 8601.
 * Throws `UnprovedAnswer`.
 */
export function requireProof(
  { headers, status }: ControlResponse,
  asked: { nodeId: string; jti: string },
  controlKey: KeyObject,
  body: Buffer | string,
): string {
  const [signature, time] = [headers[ANSWER_HEADER], headers[TIME_HEADER]];
  if (typeof signature !== "string" || typeof time !== "string") throw new UnprovedAnswer(status);
  const text = answerText({ ...asked, status, time, bsh: bytesHash(body) });
  if (!verify(null, Buffer.from(text), controlKey, Buffer.from(signature, "base64url")))
    throw new UnprovedAnswer(status);
  return time;
}

/** Opens the key under which a stream's messages are authenticated. Throws `UnprovedAnswer`. */
export async function openStreamKey(
  answer: ControlResponse,
  asked: { nodeId: string; jti: string },
  controlKey: KeyObject,
  sealingKey: NodeIdentity["sealingKey"],
): Promise<Buffer> {
  const sealed = answer.headers[SESSION_HEADER];
  if (typeof sealed !== "string") throw new UnprovedAnswer(answer.status);
  requireProof(answer, asked, controlKey, sealed);
  const key = await importJWK({ ...sealingKey }, "ECDH-ES");
  const { plaintext } = await compactDecrypt(sealed, key, {
    keyManagementAlgorithms: ["ECDH-ES"],
    contentEncryptionAlgorithms: ["A256GCM"],
  });
  if (plaintext.length !== SESSION_KEY_BYTES) throw new UnprovedAnswer(answer.status);
  return Buffer.from(plaintext);
}
