import type { z } from "zod";
import { ApiProblem, Problem } from "#lib/contract/problem.ts";

const answerWithinMs = 30_000;

interface CallOptions {
  body?: unknown;
  /** The ETag of the state that the person has seen: a change on top of another one is refused with 412. */
  ifMatch?: string;
  signal?: AbortSignal;
}

/**
 * Calls `/api/v1` with the console's session and parses the answer with its schema. Throws `ApiProblem` for a refusal
 * and for no answer within 30 s; a session that has ended sends the person to the sign-in page and back.
 */
export async function callApi<S extends z.ZodType>(
  schema: S,
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  options: CallOptions = {},
): Promise<z.output<S>> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (options.body !== undefined) headers["content-type"] = "application/json";
  if (options.ifMatch !== undefined) headers["if-match"] = options.ifMatch;
  // The browser or a proxy may send a POST again after a lost answer: that must not make a second thing.
  if (method === "POST") headers["idempotency-key"] = newKey();
  const timeout = AbortSignal.timeout(answerWithinMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const init: RequestInit = { method, headers, credentials: "same-origin", signal };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  const response = await fetch(`/api/v1${path}`, init);
  if (!response.ok) throw await refusalIn(response);
  return schema.parse(response.status === 204 ? null : await response.json());
}

/**
 * Calls an endpoint that says how far it is: one value a line, parsed with its schema, as they come. Throws `ApiProblem` for
 * a refusal. Ends the work there when `signal` is aborted or whoever iterates stops.
 */
export async function* callInSteps<S extends z.ZodType>(
  schema: S,
  path: string,
  { body, signal }: { body: unknown; signal: AbortSignal },
): AsyncGenerator<z.output<S>, void> {
  const response = await fetch(`/api/v1${path}`, {
    method: "POST",
    headers: { accept: "application/x-ndjson", "content-type": "application/json" },
    credentials: "same-origin",
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok || response.body === null) throw await refusalIn(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = (rest + (value ?? "")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield schema.parse(JSON.parse(line));
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function refusalIn(response: Response): Promise<ApiProblem> {
  if (response.status === 401) leaveForSignIn();
  const requestId = response.headers.get("x-request-id");
  const body = Problem.safeParse(await response.json().catch(() => null));
  const problem = body.success ? body.data : Problem.parse({ status: response.status, code: "unreadable", detail });
  return new ApiProblem(requestId === null ? problem : { ...problem, requestId });
}

const detail = "The control plane did not answer as expected. Try again.";

function leaveForSignIn(): void {
  const { pathname, search } = window.location;
  window.location.assign(`/sign-in?callbackUrl=${encodeURIComponent(pathname + search)}`);
}

/** `crypto.randomUUID` exists on HTTPS and loopback only; this works on every address the console is served at. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A query string from what is set: undefined, null and "" are left out. */
export function queryString(parameters: Record<string, string | number | boolean | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}
