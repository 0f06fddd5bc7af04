import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { PasswordCheckBusy } from "../crypto/password.ts";
import { databaseErrorCode } from "../db/error-code.ts";
import { DOMAIN_ERRORS, DomainError, type FieldError } from "../domain/errors.ts";
import { log } from "../log.ts";
import { HTTP_ERRORS, HttpError } from "./http-error.ts";

/** A refusal as it goes over the wire: RFC 9457, with a code to branch on and an entry per wrong field. */
export const Problem = z.object({
  type: z.string().describe("urn:turnpike:problem: and the code."),
  title: z.string().describe("The status in words."),
  status: z.int(),
  detail: z.string().describe("What is wrong and what to do, for people."),
  code: z.string().describe("What to branch on. Never changes its meaning."),
  instance: z.string().describe("urn:turnpike:request: and the id of this request, to be named in a report."),
  requestId: z.string(),
  errors: z.array(
    z.object({
      pointer: z.string().describe("JSON pointer (RFC 6901) into the body, or the name of a query parameter."),
      code: z.string(),
      detail: z.string(),
    }),
  ),
});

interface Refusal {
  status: number;
  code: string;
  detail: string;
  fields: FieldError[];
  headers: Record<string, string>;
}

const RETRY_SOON = { "retry-after": "1" };

/**
 * Turns whatever was thrown into an answer. Only the words of our own refusals go out; of an unknown error, the
 * caller gets the request's id, and the log gets the error.
 */
export function problemResponse(error: unknown, requestId: string): Response {
  const refusal = refusalOf(error);
  if (refusal.status >= 500) log.error({ requestId, code: refusal.code, err: error }, "a request failed");
  const { status, code, detail, fields, headers } = refusal;
  const body: z.infer<typeof Problem> = {
    type: `urn:turnpike:problem:${code}`,
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail,
    code,
    instance: `urn:turnpike:request:${requestId}`,
    requestId,
    errors: fields,
  };
  const sent = { "content-type": "application/problem+json", "cache-control": "no-store", "x-request-id": requestId };
  return new Response(JSON.stringify(body), { status, headers: { ...sent, ...headers } });
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof DomainError) {
    const status = DOMAIN_ERRORS[error.code];
    const headers: Record<string, string> = status === 401 ? { "www-authenticate": 'Bearer realm="turnpike"' } : {};
    return { status, code: error.code, detail: error.message, fields: error.fields, headers };
  }
  if (error instanceof HttpError) {
    const { code, message, headers } = error;
    return { status: HTTP_ERRORS[code], code, detail: message, fields: [], headers };
  }
  if (error instanceof PasswordCheckBusy || databaseErrorCode(error) === "unavailable") {
    const detail = "The control plane is busy or its database is away. Try again in a moment.";
    return { status: 503, code: "unavailable", detail, fields: [], headers: RETRY_SOON };
  }
  const detail = "Something went wrong on our side. Try again; if it stays, report the request id.";
  return { status: 500, code: "internal", detail, fields: [], headers: {} };
}
