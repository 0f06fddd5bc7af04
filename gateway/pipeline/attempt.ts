import type { IncomingHttpHeaders } from "node:http";
import type { UpstreamFailure } from "#gateway/upstream/sink.ts";
import type { RetryReason } from "#lib/contract/policy-document.ts";

/** How an attempt ended without an answer for the caller. Nothing has been sent to the caller. */
export interface AttemptFailure {
  /** `status`: the upstream answered with one that is no answer to the call. `answer`: with one that cannot be used. */
  readonly reason: UpstreamFailure | "status" | "answer";
  readonly status: number | null;
  readonly headers: IncomingHttpHeaders | null;
  /** Whether the upstream had begun to answer well: then it has worked, and asking again would have it work twice. */
  readonly hasBegun: boolean;
  /** What is wrong with an answer that cannot be used, in words for the caller. */
  readonly problem?: string;
}

/** `answered`: the caller has got everything it will get. */
export type AttemptResult = "answered" | AttemptFailure;

/**
 * Whether another attempt could mend it, as far as the failure itself goes. What must not be done twice is tried again
 * only where nothing can have reached the upstream.
 */
export function isRetryable({ reason, status, hasBegun }: AttemptFailure, mayBeRepeated: boolean): boolean {
  if (!mayBeRepeated) return reason === "connect" || reason === "timeout_connect";
  if (hasBegun || reason === "cancelled" || reason === "timeout_total") return false;
  return reason !== "status" || isAboutCredential(status) || (status !== null && status >= 500);
}

/** What a failure is called in a version's retry rule; null for what is never tried again. */
export function retryReasonOf({ reason, status }: AttemptFailure): RetryReason | null {
  switch (reason) {
    case "connect":
    case "reset":
      return reason;
    case "timeout_connect":
    case "timeout_first_byte":
    case "timeout_idle":
      return "timeout";
    case "answer":
      return "server_error";
    case "status":
      if (status === 429) return "rate_limit";
      return isRefusedCredential(status) ? "credential" : "server_error";
    case "address_not_allowed":
      return "connect";
    case "timeout_total":
    case "cancelled":
      return null;
  }
}

/** Whether an upstream's status is about the credential that was used, so that another one may fare better. */
export function isAboutCredential(status: number | null): boolean {
  return status === 429 || isRefusedCredential(status);
}

/** Whether an upstream refused our credential: the same one will not fare better. */
export function isRefusedCredential(status: number | null): boolean {
  return status === 401 || status === 403 || status === 407;
}

/** What an upstream asks to be waited for, in milliseconds; null when it does not say. */
export function askedWaitMs(headers: IncomingHttpHeaders | null, nowMs: number): number | null {
  const inMs = Number(headers?.["retry-after-ms"] ?? Number.NaN);
  if (Number.isFinite(inMs) && inMs >= 0) return inMs;
  const after = headers?.["retry-after"];
  if (after === undefined) return null;
  const inSeconds = Number(after);
  // Either a number of seconds or a date (RFC 9110 10.2.3).
  const waitMs = Number.isFinite(inSeconds) ? inSeconds * 1_000 : Date.parse(after) - nowMs;
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : null;
}
