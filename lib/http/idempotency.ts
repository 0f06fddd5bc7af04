import { canonicalJson, sha256Hex } from "../contract/canonical.ts";
import { openAnswer, sealAnswer } from "../crypto/idempotency.ts";
import { masterKeyBytes } from "../crypto/seal.ts";
import type { Context } from "../domain/context.ts";
import { DomainError } from "../domain/errors.ts";
import { inTransaction } from "../domain/transaction.ts";
import { env } from "../env.ts";
import type { Gate } from "./gate.ts";
import { HttpError } from "./http-error.ts";
import { oneAtATime } from "./one-at-a-time.ts";

/** What is remembered of an answer and sent again. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** Keys from here on cannot be guessed, so that an answer with a secret may be kept under them. */
const SECRET_KEPT_FROM_LENGTH = 32;
/** The members that hold a secret shown once. */
const SECRET_MEMBERS = ["secret", "initialPassword"];

/** Reads `Idempotency-Key`. Throws 400 for one that is empty, too long, or not printable ASCII. */
export function idempotencyKeyOf(headers: Headers): string | undefined {
  const sent = headers.get("idempotency-key");
  if (sent === null) return undefined;
  if (!/^[\x20-\x7e]{1,255}$/.test(sent))
    throw new HttpError("invalid_header", "Idempotency-Key takes 1 to 255 printable ASCII characters.");
  return sent;
}

/**
 * Does work once for a key, actor, method and path: the remembered answer commits together with the effect, under a
 * lock that makes every duplicate, in this process or another, wait for it and then repeat it. A refused request is
 * not remembered, since it had no effect. Throws 422 `idempotency_mismatch` when the key came with another body.
 */
export async function answerOnce(
  ctx: Context,
  request: { key: string; method: string; path: string; input: unknown },
  work: (ctx: Context) => Promise<Answer>,
  gate: Gate,
): Promise<Answer> {
  const { actor } = ctx;
  const record = sha256Hex(canonicalJson([actor.kind, actor.id, request.method, request.path, request.key]));
  const bodySha256 = sha256Hex(canonicalJson(request.input));
  const key = { idempotencyKey: request.key, masterKey: masterKeyBytes(env().TURNPIKE_MASTER_KEY), record };
  const once = async (tx: NonNullable<Context["tx"]>): Promise<Answer> => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${record}, 0))::text`;
    const kept = await tx.idempotencyRecord.findUnique({ where: { keySha256: record }, omit: { response: false } });
    if (kept) {
      if (kept.bodySha256 !== bodySha256) throw mismatch();
      return replay(openAnswer(key, kept.response));
    }
    const answer = await work({ ...ctx, tx });
    const response = sealAnswer(key, JSON.stringify(withoutGuessableSecret(answer, request.key)));
    const data = { keySha256: record, actorId: actor.id, bodySha256, status: answer.status, response };
    await tx.idempotencyRecord.create({ data });
    return answer;
  };
  // Duplicates queue here first, so that they do not each hold a connection while they wait for the database's lock.
  return oneAtATime(record, () => gate(() => inTransaction(ctx, once)));
}

function mismatch(): DomainError {
  return new DomainError(
    "idempotency_mismatch",
    "This Idempotency-Key was used with another body before. Use a new key for a new request.",
  );
}

/** Guarantee: the text is what `answerOnce` sealed, which the authentication tag has just proved. */
function replay(text: string): Answer {
  const answer = JSON.parse(text) as Answer;
  return { ...answer, headers: { ...answer.headers, "idempotent-replayed": "true" } };
}

function withoutGuessableSecret(answer: Answer, key: string): Answer {
  if (key.length >= SECRET_KEPT_FROM_LENGTH || typeof answer.body !== "object" || answer.body === null) return answer;
  const kept = Object.entries(answer.body).filter(([name]) => !SECRET_MEMBERS.includes(name));
  return { ...answer, body: Object.fromEntries(kept) };
}
