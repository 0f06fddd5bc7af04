import { DomainError } from "../domain/errors.ts";
import type { Method } from "./endpoint.ts";
import { HttpError } from "./http-error.ts";

const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]*"$/;

/**
 * What `If-Match` demands (RFC 9110, 13.1.1): the ETag as the verb compares it, undefined for `*` or none. A weak one
 * is handed on as it is and so never matches. Throws 428 for a PATCH without it, 400 for what is no entity tag.
 */
export function ifMatchOf(method: Method, headers: Headers): string | undefined {
  const sent = headers.get("if-match")?.trim();
  if (sent === undefined || sent === "") {
    if (method !== "PATCH") return undefined;
    throw new DomainError(
      "precondition_required",
      "Send If-Match with the ETag of the state you have seen, or * to change whatever is there.",
    );
  }
  if (sent === "*") return undefined;
  if (!ENTITY_TAG.test(sent))
    throw new HttpError("invalid_header", 'If-Match takes one ETag in double quotes, such as "3", or *.');
  return sent;
}

/** Whether `If-None-Match` names this ETag (weak comparison): the caller has the state already. */
export function hasAlready(headers: Headers, etag: string): boolean {
  const sent = headers.get("if-none-match");
  if (sent === null) return false;
  const strong = (tag: string) => tag.trim().replace(/^W\//, "");
  return sent.trim() === "*" || sent.split(",").some((tag) => strong(tag) === strong(etag));
}
