/** The codes a verb fails with, and the HTTP status each means (mapped once, in `lib/http/problem.ts`). */
export const DOMAIN_ERRORS = {
  unauthenticated: 401,
  /** To a node that has proved who it is. */
  node_removed: 401,
  clock_skew: 401,
  request_replayed: 401,
  permission_denied: 403,
  own_approval: 403,
  not_found: 404,
  invalid_request: 422,
  not_supported: 422,
  private_address: 422,
  conflict: 409,
  name_taken: 409,
  in_use: 409,
  plan_in_use: 409,
  plan_not_published: 409,
  draft_invalid: 409,
  incompatible_version: 409,
  /** A node and a control plane whose releases are too far apart. */
  version_not_supported: 409,
  nothing_to_publish: 409,
  rollout_running: 409,
  rollout_over: 409,
  rollout_impossible: 409,
  approval_required: 409,
  approval_void: 409,
  precondition_failed: 412,
  precondition_required: 428,
  too_many_requests: 429,
  idempotency_mismatch: 422,
} as const;
export type DomainErrorCode = keyof typeof DOMAIN_ERRORS;

/** One thing wrong with one field of the input: where (JSON pointer), which rule, and what to do. */
export interface FieldError {
  pointer: string;
  code: string;
  detail: string;
}

/** What a verb throws. `detail` is for the caller to read; internals go to the log, never here. */
export class DomainError extends Error {
  readonly code: DomainErrorCode;
  readonly fields: FieldError[];

  constructor(code: DomainErrorCode, detail: string, fields: FieldError[] = []) {
    super(detail);
    this.name = "DomainError";
    this.code = code;
    this.fields = fields;
  }
}

/** The answer for a thing that does not exist and for one that is not the caller's to know of: the same. */
export function notFound(noun: string): DomainError {
  return new DomainError("not_found", `There is no such ${noun}.`);
}

/** A 422 about one field. */
export function invalidField(pointer: string, code: string, detail: string): DomainError {
  return new DomainError(code === "not_supported" || code === "private_address" ? code : "invalid_request", detail, [
    { pointer, code, detail },
  ]);
}
