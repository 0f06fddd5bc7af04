import { HttpRelay } from "#gateway/http-routes/http-relay.ts";
import { CredentialRefused } from "#gateway/providers/contract.ts";
import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import type { AttemptRecord } from "#lib/contract/decision.ts";
import type { AttemptResult } from "./attempt.ts";
import type { Call } from "./call.ts";
import { CaughtSink } from "./caught-sink.ts";
import { Denial } from "./denial.ts";
import type { PipelineParts } from "./parts.ts";
import { type PreparedRequest, prepareRequest } from "./prepare-request.ts";
import { Relay } from "./relay.ts";

/**
 * Sends the call to a target once. Nothing has been sent to the caller when a failure comes back; a refusal comes back
 * where the call cannot be said in the target's dialect, and then nothing has been sent to the upstream either.
 */
export function sendAttempt(call: Call, parts: PipelineParts, target: CompiledTarget): Promise<AttemptResult> | Denial {
  const credential = call.sending?.credential ?? null;
  const secret = credential?.secret ?? null;
  const request = prepareRequest(call, target, secret);
  if (request instanceof Denial) return request;
  const { upstream } = target;
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
  if (credential !== null) record.credentialId = credential.id;
  call.attempts.push(record);
  const attempt: Attempt = { target, record, request, secret };
  if (credential === null) return transmit(call, parts, attempt, NOTHING);
  const { path, body, contentType } = request;
  const outgoing = { method: request.method ?? "POST", origin: upstream.origin, path, contentType, body };
  const given = upstream.provider.authorize(outgoing, credential, upstream.options, parts.providerTools);
  return given instanceof Promise ? transmitLater(call, parts, attempt, given) : transmit(call, parts, attempt, given);
}

/** One attempt with all that is sent but the credential. */
interface Attempt {
  readonly target: CompiledTarget;
  readonly record: AttemptRecord;
  readonly request: PreparedRequest;
  readonly secret: string | null;
}

const NOTHING: readonly string[] = [];

/** Waits for a credential that is signed or exchanged; one that cannot be had ends the attempt as a refusal of it would. */
async function transmitLater(
  call: Call,
  parts: PipelineParts,
  attempt: Attempt,
  given: Promise<readonly string[]>,
): Promise<AttemptResult> {
  const askedMs = parts.monotonicMs();
  let headers: readonly string[];
  try {
    headers = await given;
  } catch (error) {
    parts.onStageError("credential", error);
    const isRefused = error instanceof CredentialRefused;
    attempt.record.status = isRefused ? 401 : null;
    attempt.record.error = isRefused ? "status" : "connect";
    return { reason: isRefused ? "status" : "connect", status: attempt.record.status, headers: null, hasBegun: false };
  } finally {
    const waitedMs = parts.monotonicMs() - askedMs;
    call.waitedMs += waitedMs;
    attempt.record.durationMs = Math.round(waitedMs * 1_000) / 1_000;
  }
  return transmit(call, parts, attempt, headers);
}

function transmit(
  call: Call,
  parts: PipelineParts,
  { target, record, request, secret }: Attempt,
  credentialHeaders: readonly string[],
): Promise<AttemptResult> {
  // Limits in a shared store and credentials are waited for: who left meanwhile is asked no answer for.
  if (call.isCallerGone) {
    record.error = "cancelled";
    return Promise.resolve({ reason: "cancelled", status: null, headers: null, hasBegun: false });
  }
  const { timeouts, upstream } = target;
  for (const part of credentialHeaders) request.headers.push(part);
  return new Promise((resolve) => {
    const { form } = request;
    const relay =
      form === null
        ? new HttpRelay(call, parts, { record, secret, done: resolve })
        : new Relay(call, parts, { record, secret, form, done: resolve });
    call.exchange = parts.upstreams.send(
      {
        origin: upstream.origin,
        allowPrivateNetwork: upstream.allowPrivateNetwork,
        ...(request.method === undefined ? {} : { method: request.method }),
        path: request.path,
        headers: request.headers,
        body: request.body,
        connectMs: timeouts.connectMs,
        firstByteMs: timeouts.firstByteMs,
        idleMs: timeouts.idleMs,
        deadlineMs: call.startedMs + timeouts.totalMs,
      },
      new CaughtSink(relay, call, parts, { record, done: resolve }),
    );
  });
}
