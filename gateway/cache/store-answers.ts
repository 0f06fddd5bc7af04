import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { SharedStore } from "#gateway/shared/shared-store.ts";
import { TokenUsage } from "#lib/contract/usage-event.ts";
import type { AnswerKey } from "./answer-cache.ts";
import type { KeptAnswer } from "./kept-answer.ts";
import type { SharedAnswers } from "./shared-answers.ts";

/** Nobody waits longer than this for an answer of another node. */
const WAIT_MS = 20;
/** Larger answers stay with the node that made them: they would hold up what else waits on the connection. */
const SHARED_BYTES_MAX = 1_024 * 1_024;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = "turnpike:answer:";

const Head = z.strictObject({
  status: z.int().min(200).max(299),
  headers: z.array(z.string()),
  pieces: z.array(z.int().min(0)),
  isStream: z.boolean(),
  usage: TokenUsage,
  targetId: z.string(),
  madeAtMs: z.number(),
  expiresAtMs: z.number(),
});

/** An answer as one sealed value: AES-256-GCM over the length of its head, the head in JSON, and the body's pieces. */
export function sealAnswer({ id, sealingKey }: AnswerKey, answer: KeptAnswer): Buffer {
  const { pieces, ...rest } = answer;
  const head = Buffer.from(JSON.stringify({ ...rest, pieces: pieces.map((piece) => piece.length) }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", sealingKey, iv).setAAD(Buffer.from(id));
  const sealed = [length, head, ...pieces].map((part) => cipher.update(part));
  return Buffer.concat([iv, ...sealed, cipher.final(), cipher.getAuthTag()]);
}

/** The answer in a sealed value; null for one that was not sealed under this key, or is of another form. */
export function openAnswer({ id, sealingKey }: AnswerKey, sealed: Buffer): KeptAnswer | null {
  try {
    const decipher = createDecipheriv("aes-256-gcm", sealingKey, sealed.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(id)).setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    const bodyStart = 4 + plain.readUInt32BE(0);
    const { pieces, ...rest } = Head.parse(JSON.parse(plain.toString("utf8", 4, bodyStart)));
    let at = bodyStart;
    return {
      ...rest,
      pieces: pieces.map((bytes) => {
        at += bytes;
        return plain.subarray(at - bytes, at);
      }),
    };
  } catch {
    return null;
  }
}

/**
 * Answers in the Valkey or Redis that nodes share. A value is sealed with a key made of the whole call it answers, which
 * the store never sees: whoever reads the store learns an answer only by knowing the call, and cannot put another in its
 * place. Slow or away, it has nothing.
 */
export class StoreAnswers implements SharedAnswers {
  private readonly store: SharedStore;

  constructor(store: SharedStore) {
    this.store = store;
  }

  async get(key: AnswerKey, nowMs: number): Promise<KeptAnswer | null> {
    // Wrapped: to find nothing is an answer too, and none that speaks against the store.
    const question = async (redis: Redis) => ({ sealed: await redis.getBuffer(PREFIX + key.id) });
    const found = await withinMs(this.store.ask(question, ignore), WAIT_MS);
    const answer = found === null || found.sealed === null ? null : openAnswer(key, found.sealed);
    return answer !== null && answer.expiresAtMs > nowMs ? answer : null;
  }

  set(key: AnswerKey, answer: KeptAnswer): void {
    const sealed = sealAnswer(key, answer);
    if (sealed.length > SHARED_BYTES_MAX) return;
    const forMs = Math.ceil(answer.expiresAtMs - answer.madeAtMs);
    void this.store.ask((redis) => redis.set(PREFIX + key.id, sealed, "PX", forMs), ignore);
  }
}

/** What comes too late is of no use, and does no harm. */
function ignore(): void {}

/** What a promise that never rejects gives in time, or null. */
async function withinMs<T>(promise: Promise<T>, waitMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, waitMs, null);
  });
  const answer = await Promise.race([promise, late]);
  clearTimeout(timer);
  return answer;
}
