import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import type { AttemptRecord } from "#lib/contract/decision.ts";
import type { AttemptResult } from "./attempt.ts";
import type { Call } from "./call.ts";
import { Denial } from "./denial.ts";
import type { PipelineParts } from "./parts.ts";
import { prepareRequest } from "./prepare-request.ts";
import { Relay } from "./relay.ts";

/**
 * Sends the call to a target once. Nothing has been sent to the caller when a failure comes back; a refusal comes back
 * where the call cannot be said in the target's dialect, and then nothing has been sent to the upstream either.
 */
export function sendAttempt(call: Call, parts: PipelineParts, target: CompiledTarget): Promise<AttemptResult> | Denial {
  const secret = parts.credentialOf(target.upstream.id)?.secret ?? null;
  const request = prepareRequest(call, target, secret);
  if (request instanceof Denial) return request;
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
    const relay = new Relay(call, parts, { record, secret, form: request.form, done: resolve });
    call.exchange = parts.upstreams.send(
      {
        origin: upstream.origin,
        allowPrivateNetwork: upstream.allowPrivateNetwork,
        path: request.path,
        headers: request.headers,
        body: request.body,
        connectMs: timeouts.connectMs,
        firstByteMs: timeouts.firstByteMs,
        idleMs: timeouts.idleMs,
        deadlineMs: call.startedMs + timeouts.totalMs,
      },
      relay,
    );
  });
}
