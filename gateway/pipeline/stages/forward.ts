import type { AttemptTicket } from "#gateway/health/attempt-ticket.ts";
import type { Tried } from "#gateway/health/tried.ts";
import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import { admitUpstream } from "../admit-upstream.ts";
import {
  type AttemptFailure,
  type AttemptResult,
  askedWaitMs,
  isAboutCredential,
  isRefusedCredential,
  isRetryable,
  retryReasonOf,
} from "../attempt.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import { noneInService } from "../none-in-service.ts";
import type { PipelineParts, Stage } from "../parts.ts";
import { sendAttempt } from "../send-attempt.ts";
import { stillAdmitted } from "../still-admitted.ts";
import { upstreamDenial } from "../upstream-denial.ts";
import { intentPayload } from "../usage-event.ts";

/** Between two attempts at the same target. */
const BACKOFF_BASE_MS = 100;
const BACKOFF_MAX_MS = 1_000;

const USAGE_UNAVAILABLE = new Denial("usage_unavailable", "The gateway cannot record usage at the moment.", {
  rule: "usage spool is full",
  headers: ["retry-after", "5", "retry-after-ms", "5000"],
});
const CALLER_GONE = new Denial("upstream_error", "The caller went away.", { rule: "caller went away" });

/** RFC 9110 9.2.2; asking a model anew is no harm either. */
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]);

function mayBeRepeated({ action, request }: Call): boolean {
  return action !== "http" || IDEMPOTENT.has(request.method);
}

/** An attempt that may be made, with what it has taken of the target's health; the ticket must be settled. */
interface NextAttempt {
  readonly target: CompiledTarget;
  readonly ticket: AttemptTicket;
}

/**
 * The next attempt, after the pause that one at the same target asks for; null when there is to be none. What is about the
 * credential goes to another one at the same target first; then comes another target; then the same one again.
 */
async function nextAttempt(
  call: Call,
  parts: PipelineParts,
  failure: AttemptFailure,
  tried: Set<string>,
): Promise<NextAttempt | null> {
  const { version, serving, target } = call;
  if (version === null || serving === null || target === null || !isRetryable(failure, mayBeRepeated(call)))
    return null;
  if (call.isCallerGone || call.attempts.length >= version.attempts) return null;
  const reason = retryReasonOf(failure);
  if (reason === null || version.retryOn?.has(reason) === false) return null;
  if (isAboutCredential(failure.status)) {
    const credentialId = call.attempts.at(-1)?.credentialId ?? null;
    if (parts.fleet.hasOtherCredential(target, credentialId, tried)) return retry(target, parts, tried);
  }
  tried.add(target.id);
  const other = parts.balancer.choose(serving, tried, call.keyHash);
  if (other !== null) return retry(other, parts, tried);
  return isRefusedCredential(failure.status) ? null : await sameTarget(call, parts, failure, target);
}

/** Takes a retry out of the budget and begins it. */
function retry(target: CompiledTarget, parts: PipelineParts, tried: Tried): NextAttempt | null {
  if (!parts.retryBudget.take(parts.monotonicMs())) return null;
  const ticket = parts.fleet.begin(target, tried);
  return ticket === null ? null : { target, ticket };
}

/** Tries the same target again after a pause with full jitter, and not before the upstream said. */
async function sameTarget(
  call: Call,
  parts: PipelineParts,
  failure: AttemptFailure,
  target: CompiledTarget,
): Promise<NextAttempt | null> {
  const boundMs = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** (call.attempts.length - 1));
  const askedMs = askedWaitMs(failure.headers, parts.nowMs()) ?? 0;
  if (askedMs > boundMs || !parts.retryBudget.take(parts.monotonicMs())) return null;
  const waitMs = Math.max(parts.random() * boundMs, askedMs === 0 ? 0 : Math.ceil(askedMs) + 1);
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  call.waitedMs += waitMs;
  const ticket = call.isCallerGone ? null : parts.fleet.begin(target, null);
  return ticket === null ? null : { target, ticket };
}

/**
 * The first attempt: at the target that was chosen, or, where that has gone out of service since, at another. Null when
 * none is left.
 */
function firstAttempt(call: Call, parts: PipelineParts, tried: Set<string>): NextAttempt | null {
  for (let { target } = call; target !== null && call.serving !== null; ) {
    const ticket = parts.fleet.begin(target, null);
    if (ticket !== null) return { target, ticket };
    tried.add(target.id);
    target = parts.balancer.choose(call.serving, tried, call.keyHash);
    if (target !== null) noteAttempt(call, target);
  }
  return null;
}

/** Sends one attempt and says how it ended, whatever happens. */
async function sendOne(call: Call, parts: PipelineParts, next: NextAttempt): Promise<AttemptResult | Denial> {
  call.sending = next.ticket;
  const before = call.attempts.length;
  let result: AttemptResult | Denial | null = null;
  try {
    if (next.target.upstream.limits.length > 0) result = await admitUpstream(call, parts, next.target);
    result ??= await sendAttempt(call, parts, next.target);
    return result;
  } finally {
    const record = call.attempts.length > before ? call.attempts.at(-1) : undefined;
    const headers = result === null || result === "answered" || result instanceof Denial ? null : result.headers;
    const isSent = record !== undefined && result !== null;
    next.ticket.settle({
      error: isSent ? record.error : "cancelled",
      status: record?.status ?? null,
      askedWaitMs: askedWaitMs(headers, parts.nowMs()),
    });
    call.sending = null;
    if (result !== "answered") parts.limiter.attemptOver(call);
  }
}

/** The target in the place of one that could not even be asked; null when there is none. */
function otherTarget(
  call: Call,
  parts: PipelineParts,
  { target, why }: { target: CompiledTarget; why: Denial },
  tried: Set<string>,
): NextAttempt | null {
  tried.add(target.id);
  const isLimited = why.code === "rate_limit_exceeded";
  for (const candidate of call.candidates) {
    if (candidate.targetId !== target.id) continue;
    candidate.chosen = false;
    candidate.reason = isLimited ? "its upstream's rate limit is reached" : "its dialect cannot carry the call";
  }
  const other = call.serving === null ? null : parts.balancer.choose(call.serving, tried, call.keyHash);
  const ticket = other === null ? null : parts.fleet.begin(other, tried);
  if (other === null || ticket === null) return null;
  noteAttempt(call, other);
  return { target: other, ticket };
}

function noteAttempt(call: Call, target: CompiledTarget): void {
  call.target = target;
  for (const candidate of call.candidates) {
    if (candidate.targetId !== target.id) continue;
    candidate.chosen = true;
    candidate.reason = `attempt ${call.attempts.length + 1}`;
  }
}

async function announce(call: Call, parts: PipelineParts): Promise<boolean> {
  if (!parts.spool.isAccepting) return false;
  call.ticket = await parts.spool.intent(call.id, intentPayload(call));
  return call.ticket?.isWritten === true;
}

/**
 * Sends the call to its upstream: first the intent goes to the spool, then attempts follow one another while nothing is
 * out, the version allows one more, and the retry budget does.
 */
export const forward: Stage = {
  name: "forward",
  isNeeded: (needs) => needs.isInference || needs.isHttp,
  hasOwnDeadline: true,
  async run(call: Call, parts: PipelineParts): Promise<StageResult> {
    const early = stillAdmitted(call, parts);
    if (early !== null) return early;
    if (!(await announce(call, parts))) return USAGE_UNAVAILABLE;
    parts.retryBudget.called();
    const tried = new Set<string>();
    if (call.isCallerGone) return CALLER_GONE;
    let next = firstAttempt(call, parts, tried);
    if (next === null && call.serving !== null) return noneInService(call.serving, parts);
    while (next !== null) {
      const result: AttemptResult | Denial = await sendOne(call, parts, next);
      if (result === "answered") return ALLOW;
      if (result instanceof Denial) {
        next = otherTarget(call, parts, { target: next.target, why: result }, tried);
        if (next === null) return result;
        continue;
      }
      const denial = stillAdmitted(call, parts);
      if (denial !== null) return denial;
      next = await nextAttempt(call, parts, result, tried);
      if (next === null) return call.isCallerGone ? CALLER_GONE : upstreamDenial(result, parts.nowMs());
      noteAttempt(call, next.target);
    }
    throw new Error("A call reached forward without a target");
  },
};
