import { randomBytes, sign } from "node:crypto";
import { CompactEncrypt, importJWK } from "jose";
import {
  ANSWER_HEADER,
  answerText,
  bytesHash,
  messageMac,
  SESSION_HEADER,
  SESSION_KEY_BYTES,
  TIME_HEADER,
} from "../../contract/node-answer.ts";
import { PublicJwk } from "../../contract/node-protocol.ts";
import type { Context } from "../context.ts";
import { controlKeyInMemory } from "../revision/control-key.ts";
import type { ProvedNode } from "./authenticate.ts";

/** The headers that make an answer this control plane's own, to be known by the node that asked. */
export async function signedAnswer(
  ctx: Context,
  { id: nodeId, jti }: Pick<ProvedNode, "id" | "jti">,
  answer: { status: number; body: string },
): Promise<Record<string, string>> {
  const time = ctx.now().toISOString();
  const text = answerText({ nodeId, jti, status: answer.status, time, bsh: bytesHash(answer.body) });
  const signature = sign(null, Buffer.from(text), await controlKeyInMemory(ctx)).toString("base64url");
  return { [ANSWER_HEADER]: signature, [TIME_HEADER]: time };
}

/** A stream's session: the headers of its head, and what stands before each of its messages. */
export interface StreamSession {
  headers: Record<string, string>;
  /** The line before a message's data: its MAC, by the `bytesHash` of the data. Called once for each message, in order. */
  idLine(dataHash: string): string;
}

/** Begins a stream to a node: a fresh key, sealed to it, under which every message is authenticated. */
export async function openSession(ctx: Context, node: ProvedNode): Promise<StreamSession> {
  const key = randomBytes(SESSION_KEY_BYTES);
  const sealed = await new CompactEncrypt(key)
    .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM" })
    .encrypt(await importJWK(PublicJwk.parse(node.sealingKey), "ECDH-ES"));
  const head = await signedAnswer(ctx, node, { status: 200, body: sealed });
  let place = 0;
  return {
    headers: { ...head, [SESSION_HEADER]: sealed },
    idLine(dataHash) {
      place += 1;
      return `id: ${messageMac(key, place, dataHash)}\n`;
    },
  };
}
