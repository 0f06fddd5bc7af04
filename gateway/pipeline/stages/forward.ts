import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import { spliceBody } from "#gateway/stream/splice-body.ts";
import type { AttemptRecord } from "#lib/contract/decision.ts";
import { type AttemptFailure, type AttemptResult, askedWaitMs, isRetryable } from "../attempt.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import { addCallerHeaders } from "../header-rules.ts";
import type { PipelineParts, Stage } from "../parts.ts";
import { Relay } from "../relay.ts";
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

function requestHeaders(call: Call, target: CompiledTarget, secret: string | null): string[] {
  const headers = ["content-type", "application/json", "accept-encoding", "identity", "x-request-id", call.id];
  if (secret !== null) for (const part of target.upstream.provider.credentialHeaders(secret)) headers.push(part);
  if (call.traceparent !== null) headers.push("traceparent", call.traceparent);
  addCallerHeaders(headers, call.request.rawHeaders);
  return headers;
}

/** Sends the call to its target once. Nothing has been sent to the caller when a failure comes back. */
function attempt(call: Call, parts: PipelineParts, target: CompiledTarget): Promise<AttemptResult> {
  const { body, facts, action } = call;
  const path = action === "models" ? undefined : target.upstream.paths[action];
  if (body === null || facts === null || path === undefined) throw new Error("A call reached forward unprepared");
  const wantsUsage = facts.stream && action !== "embeddings";
  const secret = parts.credentialOf(target.upstream.id)?.secret ?? null;
  const { timeouts, upstream } = target;
  const record: AttemptRecord = {
    targetId: target.id,
    upstreamId: upstream.id,
    upstreamName: upstream.name,
    model: target.model,
    startedAtMs: Math.round((parts.monotonicMs() - call.startedMs) * 1_000) / 1_000,
    durationMs: 0,
    status: null,
    error: null,
  };
  call.attempts.push(record);
  return new Promise((resolve) => {
    const relay = new Relay(call, parts, target, record, secret, resolve);
    call.exchange = parts.upstreams.send(
      {
        origin: upstream.origin,
        allowPrivateNetwork: upstream.allowPrivateNetwork,
        path,
        headers: requestHeaders(call, target, secret),
        body: spliceBody(body, facts, target.modelJson, wantsUsage),
        connectMs: timeouts.connectMs,
        firstByteMs: timeouts.firstByteMs,
        idleMs: timeouts.idleMs,
        deadlineMs: call.startedMs + timeouts.totalMs,
      },
      relay,
    );
  });
}

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
      const result = await attempt(call, parts, target);
      if (result === "answered") return ALLOW;
      target = await nextTarget(call, parts, result, tried);
      if (target === null) return call.isCallerGone ? CALLER_GONE : upstreamDenial(result, parts.nowMs());
      noteRetry(call, target);
    }
    throw new Error("A call reached forward without a target");
  },
};
