import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import { type AttemptFailure, askedWaitMs, isRetryable } from "../attempt.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";
import { sendAttempt } from "../send-attempt.ts";
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

/** The target for another attempt, after the pause that one at the same target asks for; null when there is to be none. */
async function nextTarget(
  call: Call,
  parts: PipelineParts,
  failure: AttemptFailure,
  tried: Set<string>,
): Promise<CompiledTarget | null> {
  const { version, serving, target } = call;
  if (version === null || serving === null || target === null || !isRetryable(failure)) return null;
  if (call.isCallerGone || call.attempts.length >= version.attempts) return null;
  tried.add(target.id);
  const other = parts.balancer.choose(serving, tried);
  const boundMs = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** (call.attempts.length - 1));
  if (other === null && (askedWaitMs(failure.headers, parts.nowMs()) ?? 0) > boundMs) return null;
  if (!parts.retryBudget.take(parts.monotonicMs())) return null;
  if (other !== null) return other;
  const waitMs = parts.random() * boundMs;
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  call.waitedMs += waitMs;
  return call.isCallerGone ? null : target;
}

/** The target in the place of one that the call cannot be translated for; null when there is none. */
function otherTarget(
  call: Call,
  parts: PipelineParts,
  target: CompiledTarget,
  tried: Set<string>,
): CompiledTarget | null {
  tried.add(target.id);
  for (const candidate of call.candidates) {
    if (candidate.targetId !== target.id) continue;
    candidate.chosen = false;
    candidate.reason = "its dialect cannot carry the call";
  }
  const other = call.serving === null ? null : parts.balancer.choose(call.serving, tried);
  if (other !== null) noteRetry(call, other);
  return other;
}

function noteRetry(call: Call, target: CompiledTarget): void {
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
  isNeeded: (needs) => needs.isInference,
  async run(call: Call, parts: PipelineParts): Promise<StageResult> {
    if (!(await announce(call, parts))) return USAGE_UNAVAILABLE;
    parts.retryBudget.called();
    const tried = new Set<string>();
    for (let { target } = call; target !== null; ) {
      if (call.isCallerGone) return CALLER_GONE;
      const result = await sendAttempt(call, parts, target);
      if (result === "answered") return ALLOW;
      if (result instanceof Denial) {
        target = otherTarget(call, parts, target, tried);
        if (target === null) return result;
        continue;
      }
      target = await nextTarget(call, parts, result, tried);
      if (target === null) return call.isCallerGone ? CALLER_GONE : upstreamDenial(result, parts.nowMs());
      noteRetry(call, target);
    }
    throw new Error("A call reached forward without a target");
  },
};
