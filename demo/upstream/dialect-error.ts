import type { JsonObject } from "./json.ts";
import type { Dialect } from "./ledger.ts";

const ANTHROPIC_TYPES: Record<number, string> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};
const GEMINI_STATUSES: Record<number, string> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

const BEDROCK_TYPES: Record<number, string> = {
  401: "UnrecognizedClientException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  408: "ModelTimeoutException",
  429: "ThrottlingException",
  503: "ServiceUnavailableException",
};

/** The error's type as Bedrock tells it, in the header `x-amzn-errortype`. */
export function bedrockErrorType(status: number): string {
  return BEDROCK_TYPES[status] ?? (status >= 500 ? "InternalServerException" : "ValidationException");
}

function openaiType(status: number): string {
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

/** The error body a real provider of this dialect would send. `code` is OpenAI's; the others derive theirs from the status. */
export function dialectError(dialect: Dialect, status: number, code: string, message: string, id: string): JsonObject {
  switch (dialect) {
    case "anthropic": {
      const type = ANTHROPIC_TYPES[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
      return { type: "error", error: { type, message }, request_id: id };
    }
    case "gemini": {
      const name = GEMINI_STATUSES[status] ?? (status >= 500 ? "INTERNAL" : "INVALID_ARGUMENT");
      return { error: { code: status, message, status: name } };
    }
    case "bedrock":
      return { message };
    case "openai":
    case "rest":
      return { error: { message, type: openaiType(status), param: null, code } };
  }
}
