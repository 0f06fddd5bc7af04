import { type Authenticated, authenticate } from "../auth/authenticate.ts";
import { type Occasion, occasionOf } from "../auth/occasion.ts";
import { isSameOrigin } from "../auth/request-origin.ts";
import { createThrottle } from "../auth/throttle.ts";
import { requirePermission } from "../domain/authorize.ts";
import { log } from "../log.ts";
import { answerFrom, toResponse } from "./answer.ts";
import type { Endpoint } from "./endpoint.ts";
import { ENDPOINTS } from "./endpoints/index.ts";
import { createGate } from "./gate.ts";
import { HttpError } from "./http-error.ts";
import { answerOnce, idempotencyKeyOf } from "./idempotency.ts";
import { readInput } from "./input.ts";
import { API_PREFIX, type Matched, matchEndpoint, requirePossible } from "./match.ts";
import { openApiDocument } from "./openapi.ts";
import { ifMatchOf } from "./preconditions.ts";
import { problemResponse } from "./problem.ts";
import { asksForSteps, stepsResponse } from "./steps.ts";

/** 200 requests a second and credential, 2,000 at once: automation in a hurry passes, a runaway loop does not. */
const throttle = createThrottle(2_000, 10);
/** Fewer than the database's pool has connections, so that nodes and pages always find one. */
const gate = createGate(8, 4_000);

/**
 * Answers one request to `/api/v1`, in an order that gives nothing away: 404 and 405 for the address, 401 before the
 * body is read, 403, 428, then 400, 404, 422 and what the verb says. Never throws.
 */
export async function handle(request: Request, at: Parameters<typeof occasionOf>[1] = {}): Promise<Response> {
  const startedMs = performance.now();
  const occasion = occasionOf(request.headers, at);
  const { method, pathname } = { method: request.method, pathname: new URL(request.url).pathname };
  const seen: Seen = {};
  const response = await dispatch(request, pathname, occasion, seen).catch((error: unknown) =>
    problemResponse(error, occasion.requestId),
  );
  response.headers.set("x-request-id", occasion.requestId);
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  const durationMs = Math.round(performance.now() - startedMs);
  const { status } = response;
  log.info(
    { requestId: occasion.requestId, method, path: seen.path ?? null, actor: seen.actor ?? null, status, durationMs },
    "api",
  );
  return method === "HEAD" ? new Response(null, { status, headers: response.headers }) : response;
}

/** What the log may say of a request: the template of its path, never the path. */
interface Seen {
  path?: string;
  actor?: string;
}

async function dispatch(request: Request, pathname: string, occasion: Occasion, seen: Seen): Promise<Response> {
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (method === "GET" && pathname === `${API_PREFIX}/openapi.json`) return Response.json(openApiDocument());
  const matched = matchEndpoint(ENDPOINTS, method, pathname);
  seen.path = matched.endpoint.path;
  const authenticated = await gate(() => authenticate(request.headers, occasion));
  seen.actor = authenticated.ctx.actor.id;
  admit(request, authenticated, matched.endpoint);
  const ifMatch = ifMatchOf(matched.endpoint.method, request.headers);
  const ctx = { ...authenticated.ctx, ifMatch, signal: request.signal };
  return perform(request, pathname, ctx, matched);
}

/** Throws 403 `cross_site`, 429, and 403 `permission_denied`, without having looked at the body. */
function admit(request: Request, { ctx, by }: Authenticated, { method, verb, weight }: Endpoint): void {
  if (by === "session" && method !== "GET" && !isSameOrigin(request.headers))
    throw new HttpError("cross_site", "A change with the console's session must come from one of its own pages.");
  const waitMs = throttle.take(`${ctx.actor.kind} ${ctx.actor.id}`, ctx.now().getTime(), weight);
  if (waitMs > 0)
    throw new HttpError("too_many_requests", "Too many requests with this credential. Wait a moment.", {
      "retry-after": String(Math.ceil(waitMs / 1_000)),
    });
  requirePermission(ctx.actor, verb.permission);
}

async function perform(
  request: Request,
  pathname: string,
  ctx: Authenticated["ctx"],
  matched: Matched,
): Promise<Response> {
  const { endpoint } = matched;
  const key = endpoint.method === "POST" ? idempotencyKeyOf(request.headers) : undefined;
  const input = await readInput(request, matched);
  requirePossible(matched);
  // Nothing is changed by a verb that reads for long, so that asking twice needs no key.
  if (endpoint.steps !== undefined && asksForSteps(request.headers))
    return await stepsResponse(endpoint.steps(ctx, input), endpoint.verb.output, ctx.requestId);
  const work = async (inside: Authenticated["ctx"]) => answerFrom(matched, await endpoint.call(inside, input));
  if (key === undefined) return toResponse(request, await gate(() => work(ctx)));
  const once = { key, method: endpoint.method, path: pathname, input };
  return toResponse(request, await answerOnce(ctx, once, work, gate));
}
