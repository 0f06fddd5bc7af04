import { z } from "zod";

/** A refusal of the management API (RFC 9457), as the console shows it. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly errors: { pointer: string; code: string; detail: string }[];

  constructor(problem: z.output<typeof ProblemBody>, requestId: string | null) {
    super(problem.detail);
    this.name = "ApiProblem";
    this.status = problem.status;
    this.code = problem.code;
    this.errors = problem.errors;
    this.requestId = requestId;
  }
}

const ProblemBody = z.object({
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).default([]),
});

interface CallOptions {
  body?: unknown;
  /** The ETag of the state that the person has seen: a change on top of another one is refused with 412. */
  ifMatch?: string;
  signal?: AbortSignal;
}

/**
 * Calls `/api/v1` with the console's session and parses the answer with its schema. Throws `ApiProblem`; a session that
 * has ended sends the person to the sign-in page and back.
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
  // A repeated click or a retry after a lost answer must not make a second thing.
  if (method === "POST") headers["idempotency-key"] = crypto.randomUUID();
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.signal) init.signal = options.signal;
  const response = await fetch(`/api/v1${path}`, init);
  if (!response.ok) throw await readProblem(response);
  return schema.parse(response.status === 204 ? null : await response.json());
}

async function readProblem(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get("x-request-id");
  if (response.status === 401 && typeof window !== "undefined") {
    window.location.assign(
      `/sign-in?callbackUrl=${encodeURIComponent(window.location.pathname + window.location.search)}`,
    );
  }
  const body = ProblemBody.safeParse(await response.json().catch(() => null));
  const fallback = {
    status: response.status,
    code: "unreachable",
    detail: "The control plane did not answer as expected. Try again.",
    errors: [],
  };
  return new ApiProblem(body.success ? body.data : fallback, requestId);
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
