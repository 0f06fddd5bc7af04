import type { Endpoint } from "./endpoint.ts";
import type { Answer } from "./idempotency.ts";
import { API_PREFIX, type Matched } from "./match.ts";
import { hasAlready } from "./preconditions.ts";

/** The status of an endpoint's success. */
export function successStatus({ created, status, method }: Endpoint, isEmpty: boolean): number {
  if (isEmpty) return 204;
  return status ?? (created !== undefined && method === "POST" ? 201 : 200);
}

/** What a verb gave back as an answer: only what its schema names, with the ETag and the place of what was made. */
export function answerFrom({ endpoint, parameters }: Matched, output: unknown): Answer {
  const body = endpoint.verb.output.parse(output);
  const headers: Record<string, string> = {};
  const members = membersOf(body);
  if (typeof members.etag === "string") headers.etag = members.etag;
  if (endpoint.created !== undefined) headers.location = placeOf(endpoint.created, { ...members, ...parameters });
  return { status: successStatus(endpoint, body === null), headers, body };
}

/** An answer as a response; 304 where the caller has this state already. */
export function toResponse(request: Request, { status, headers, body }: Answer): Response {
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead && headers.etag !== undefined && hasAlready(request.headers, headers.etag))
    return new Response(null, { status: 304, headers });
  return status === 204 ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
}

function membersOf(body: unknown): Record<string, unknown> {
  return typeof body === "object" && body !== null ? { ...body } : {};
}

function placeOf(template: string, members: Record<string, unknown>): string {
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(members[name])));
  return API_PREFIX + path;
}
