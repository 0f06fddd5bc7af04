import { type CallerFormat, GATEWAY_ACTIONS, type GatewayAction } from "#lib/contract/action.ts";
import { GATEWAY_ERRORS, type GatewayErrorCode } from "#lib/contract/error-code.ts";

/** An error as the caller is told of it, before it has a dialect. */
export interface CallerError {
  /** One of the gateway's codes, or `upstream_rejected` for what an upstream said. */
  readonly code: string;
  /** The HTTP status it goes with. */
  readonly status: number;
  /** OpenAI's type; the other dialects take theirs from the status. */
  readonly type: string;
  readonly message: string;
  readonly param: string | null;
  /** The call's id, where there is one. */
  readonly callId: string | null;
}

/** The types Anthropic's clients know; every other status is an `api_error`, or an `invalid_request_error` below 500. */
const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  410: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
};

/** google.rpc.Code by HTTP status; every other status is `INTERNAL`, or `INVALID_ARGUMENT` below 500. */
const GEMINI_STATUSES: Readonly<Record<number, string>> = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ABORTED",
  410: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  499: "CANCELLED",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

function openaiError({ message, type, param, code }: CallerError): unknown {
  return { error: { message, type, param, code } };
}

function anthropicError({ status, message, code, param, callId }: CallerError): unknown {
  const type = ANTHROPIC_TYPES[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
  return { type: "error", error: { type, message, code, param }, request_id: callId };
}

function geminiError({ status, message, code, param, callId }: CallerError): unknown {
  const metadata = { ...(param === null ? {} : { param }), ...(callId === null ? {} : { requestId: callId }) };
  const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: code, domain: "turnpike", metadata }];
  const name = GEMINI_STATUSES[status] ?? (status < 500 ? "INVALID_ARGUMENT" : "INTERNAL");
  return { error: { code: status, message, status: name, details } };
}

/** RFC 9457, for callers of REST APIs. */
function problem({ status, message, code, param, callId }: CallerError): unknown {
  const more = { ...(param === null ? {} : { param }), ...(callId === null ? {} : { requestId: callId }) };
  return { type: "about:blank", title: code.replaceAll("_", " "), status, detail: message, code, ...more };
}

const IN_FORMAT: Readonly<Record<CallerFormat, (error: CallerError) => unknown>> = {
  openai: openaiError,
  anthropic: anthropicError,
  gemini: geminiError,
  http: problem,
};

/** The content type of an error's body. */
export function errorType(format: CallerFormat): string {
  return format === "http" ? "application/problem+json" : "application/json";
}

/** An error's body in the dialect that the caller speaks. */
export function errorText(format: CallerFormat, error: CallerError): string {
  return JSON.stringify(IN_FORMAT[format](error));
}

/** One of the gateway's own errors, as the caller is told of it. */
export function gatewayError(
  code: GatewayErrorCode,
  message: string,
  more: { param?: string | null; callId?: string | null } = {},
): CallerError {
  const { status, type } = GATEWAY_ERRORS[code];
  return { code, status, type, message, param: more.param ?? null, callId: more.callId ?? null };
}

/** The body of one of the gateway's own errors, where no call was made of the request. */
export function errorBody(code: GatewayErrorCode, message: string, format: CallerFormat = "openai"): string {
  return errorText(format, gatewayError(code, message));
}

/** The event that tells of an error in a stream that is under way. */
export function errorEvent(action: GatewayAction, error: CallerError): string {
  const format = GATEWAY_ACTIONS[action];
  if (action === "responses") {
    const { code, message, param } = error;
    return `event: error\ndata: ${JSON.stringify({ type: "error", code, message, param, sequence_number: 0 })}\n\n`;
  }
  const name = format === "anthropic" ? "event: error\n" : "";
  return `${name}data: ${errorText(format, error)}\n\n`;
}
