import { answerHeaders } from "./answer-headers.ts";
import type { Call } from "./call.ts";
import type { Denial } from "./denial.ts";
import { errorText, errorType, gatewayError } from "./error-body.ts";
import type { PipelineParts } from "./parts.ts";

const UPSTREAM_CODES: ReadonlySet<string> = new Set(["upstream_error", "upstream_unavailable", "upstream_timeout"]);

/** Turns a refusal into the one answer of the call. */
export function sendDenial(call: Call, denial: Denial, parts: PipelineParts): void {
  call.errorCode = denial.code;
  call.status = denial.status;
  call.outcome = call.attempts.length > 0 || UPSTREAM_CODES.has(denial.code) ? "error" : "denied";
  if (call.isCallerGone) {
    call.errorCode = "client_closed_request";
    call.status = 499;
    call.outcome = "cancelled";
    return;
  }
  const error = gatewayError(denial.code, denial.message, { param: denial.param, callId: call.id });
  const body = Buffer.from(errorText(call.format, error));
  const headers = answerHeaders(call, parts.monotonicMs());
  headers.push("content-type", errorType(call.format), "content-length", String(body.length));
  for (const part of denial.headers) headers.push(part);
  call.firstByteMs ??= parts.monotonicMs() - call.startedMs;
  call.reply.whole(denial.status, headers, body);
}
