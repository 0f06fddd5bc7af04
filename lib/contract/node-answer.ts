import { createHash, createHmac } from "node:crypto";
import { canonicalJson } from "./canonical.ts";

/**
 * How a node knows that an answer is its control plane's, whatever lies between them: every answer to a signed request is
 * signed with the control plane's key, which the join token pinned, over the request's `jti`, so that no answer serves for
 * another request. A stream's head brings a key sealed to the node, and every message of the stream carries a MAC under it
 * and its place, so that none can be made, changed, left out or repeated on the way.
 */
export const ANSWER_HEADER = "x-turnpike-answer";
/** The control plane's clock when it signed, ISO 8601. */
export const TIME_HEADER = "x-turnpike-time";
/** The key of a stream's MACs: compact JWE, ECDH-ES to the node's X25519 key, 32 bytes. */
export const SESSION_HEADER = "x-turnpike-session";
export const SESSION_KEY_BYTES = 32;

/** What an answer's signature is of. */
export interface AnswerStatement {
  readonly nodeId: string;
  /** Of the request that is answered. */
  readonly jti: string;
  readonly status: number;
  readonly time: string;
  /** `bytesHash` of the body; of a stream, of its session header. */
  readonly bsh: string;
}

/** The text that is signed (Ed25519, base64url). */
export function answerText({ nodeId, jti, status, time, bsh }: AnswerStatement): string {
  return canonicalJson({ use: "turnpike-node-answer", nodeId, jti, status, time, bsh });
}

/** SHA-256 in base64url. */
export function bytesHash(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("base64url");
}

/** The MAC of a stream's message at its place, counted from 1: HMAC-SHA256 over the place and the SHA-256 of its data. */
export function messageMac(sessionKey: Buffer, place: number, dataHash: string): string {
  return createHmac("sha256", sessionKey).update(`${place}.${dataHash}`).digest("base64url");
}
