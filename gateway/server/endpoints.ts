import type { GatewayAction } from "#lib/contract/action.ts";

/** What a method and path mean: an action, or why there is none. */
export type EndpointMatch =
  | { readonly kind: "action"; readonly action: GatewayAction; readonly tail: string | null }
  | { readonly kind: "wrong_method"; readonly allow: string }
  | { readonly kind: "not_supported" }
  | { readonly kind: "not_found" };

const POSTED: ReadonlyMap<string, EndpointMatch> = new Map(
  (["chat.completions", "completions", "embeddings"] as const).map((action) => [
    `/v1/${action.replace(".", "/")}`,
    { kind: "action", action, tail: null },
  ]),
);
const MODELS = "/v1/models";
const LIST_MODELS: EndpointMatch = { kind: "action", action: "models", tail: null };
const ONLY_POST: EndpointMatch = { kind: "wrong_method", allow: "POST" };
const ONLY_GET: EndpointMatch = { kind: "wrong_method", allow: "GET" };
const NOT_FOUND: EndpointMatch = { kind: "not_found" };
const NOT_SUPPORTED: EndpointMatch = { kind: "not_supported" };

/** Paths that callers may well know and that this gateway does not serve. */
const UNSUPPORTED =
  /^\/(v1\/(responses|images|audio|moderations|rerank|messages|files|batches|fine_tuning|realtime|assistants|threads|vector_stores|uploads|conversations|containers|evals|videos)|v1beta|apis|mcp)(\/|$)/;

function modelTail(path: string): string | null {
  try {
    return decodeURIComponent(path.slice(MODELS.length + 1));
  } catch {
    return null;
  }
}

/** Finds what a request asks for. The query plays no part. Hot path. */
export function matchEndpoint(method: string, target: string): EndpointMatch {
  const query = target.indexOf("?");
  const path = query === -1 ? target : target.slice(0, query);
  const posted = POSTED.get(path);
  if (posted !== undefined) return method === "POST" ? posted : ONLY_POST;
  if (path === MODELS) return method === "GET" ? LIST_MODELS : ONLY_GET;
  if (path.startsWith(`${MODELS}/`) && path.length > MODELS.length + 1) {
    if (method !== "GET") return ONLY_GET;
    const tail = modelTail(path);
    return tail === null ? NOT_FOUND : { kind: "action", action: "models", tail };
  }
  return UNSUPPORTED.test(path) ? NOT_SUPPORTED : NOT_FOUND;
}
