/** The refusals that belong to HTTP itself, before any verb is asked. */
export const HTTP_ERRORS = {
  invalid_json: 400,
  invalid_header: 400,
  cross_site: 403,
  unknown_path: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  request_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  unavailable: 503,
} as const;
export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** What the adapter throws. `detail` is for the caller to read; `headers` go into the answer. */
export class HttpError extends Error {
  readonly code: HttpErrorCode;
  readonly headers: Record<string, string>;

  constructor(code: HttpErrorCode, detail: string, headers: Record<string, string> = {}) {
    super(detail);
    this.name = "HttpError";
    this.code = code;
    this.headers = headers;
  }
}
