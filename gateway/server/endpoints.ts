import { type CallerFormat, type ForwardedAction, GATEWAY_ACTIONS, type GatewayAction } from "#lib/contract/action.ts";

/** What a method and path mean: an action, or why there is none. */
export type EndpointMatch =
  | {
      readonly kind: "action";
      readonly action: GatewayAction;
      /** The model where the path names it; for `http`, everything behind `/apis/`, query included, as sent. */
      readonly tail: string | null;
      /** The format the caller speaks: that of the action, but for `models`, which several formats have. */
      readonly format: CallerFormat;
    }
  | { readonly kind: "wrong_method"; readonly allow: string }
  | { readonly kind: "not_supported" }
  | { readonly kind: "not_found" };

/** Every path that takes a body with the model in it. */
const POSTED_PATHS: Readonly<Partial<Record<ForwardedAction, string>>> = {
  "chat.completions": "/v1/chat/completions",
  completions: "/v1/completions",
  responses: "/v1/responses",
  embeddings: "/v1/embeddings",
  "images.generations": "/v1/images/generations",
  "images.edits": "/v1/images/edits",
  "images.variations": "/v1/images/variations",
  "audio.speech": "/v1/audio/speech",
  "audio.transcriptions": "/v1/audio/transcriptions",
  "audio.translations": "/v1/audio/translations",
  moderations: "/v1/moderations",
  rerank: "/v1/rerank",
  messages: "/v1/messages",
  "messages.count_tokens": "/v1/messages/count_tokens",
};

/** What may be asked of a model in Gemini's paths, by the word behind the colon. */
const GEMINI_METHODS: ReadonlyMap<string, ForwardedAction> = new Map([
  ["generateContent", "generate_content"],
  ["streamGenerateContent", "stream_generate_content"],
  ["embedContent", "embed_content"],
  ["batchEmbedContents", "batch_embed_contents"],
]);

function isForwarded(action: string): action is ForwardedAction {
  return action !== "models" && Object.hasOwn(GATEWAY_ACTIONS, action);
}

function matchOf(action: GatewayAction, tail: string | null, format: CallerFormat = GATEWAY_ACTIONS[action]) {
  return { kind: "action", action, tail, format } as const;
}

const POSTED: ReadonlyMap<string, EndpointMatch> = new Map(
  Object.entries(POSTED_PATHS).flatMap(([action, path]) =>
    isForwarded(action) ? [[path, matchOf(action, null)] as const] : [],
  ),
);
const MODELS = "/v1/models";
const GEMINI_MODELS = "/v1beta/models";
const APIS = "/apis/";
const LIST_MODELS: EndpointMatch = matchOf("models", null);
const LIST_GEMINI_MODELS: EndpointMatch = matchOf("models", null, "gemini");
const ONLY_POST: EndpointMatch = { kind: "wrong_method", allow: "POST" };
const ONLY_GET: EndpointMatch = { kind: "wrong_method", allow: "GET" };
const NOT_FOUND: EndpointMatch = { kind: "not_found" };
const NOT_SUPPORTED: EndpointMatch = { kind: "not_supported" };

/** Paths that callers may well know and that this gateway does not serve. */
const UNSUPPORTED =
  /^\/(v1\/(chat\/completions|responses|messages|images|audio|files|batches|fine_tuning|realtime|assistants|threads|vector_stores|uploads|conversations|containers|evals|videos|skills|organization|organizations|score|complete)|v1beta|v1alpha|upload|mcp)(\/.|$)/;

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** One model, or the list: `tail` is what stands behind `/models/`. */
function matchModel(method: string, name: string, format: CallerFormat): EndpointMatch {
  if (method !== "GET") return ONLY_GET;
  const tail = decoded(name);
  return tail === null || tail === "" ? NOT_FOUND : matchOf("models", tail, format);
}

/** `{model}:{method}`; the model may hold colons and `@`, encoded or not. */
function matchGemini(method: string, name: string): EndpointMatch {
  const colon = name.lastIndexOf(":");
  const action = colon === -1 ? undefined : GEMINI_METHODS.get(name.slice(colon + 1));
  if (action === undefined) return method === "GET" ? matchModel(method, name, "gemini") : NOT_SUPPORTED;
  if (method !== "POST") return ONLY_POST;
  const model = decoded(name.slice(0, colon));
  return model === null || model === "" ? NOT_FOUND : matchOf(action, model);
}

/** Google's clients ask in `/v1beta` or, of late, in `/v1`, where OpenAI's models are shown. */
function asksGemini(name: string): boolean {
  const colon = name.lastIndexOf(":");
  return colon !== -1 && GEMINI_METHODS.has(name.slice(colon + 1));
}

/** What stands behind `/v1/models/`. */
function matchV1Model(method: string, name: string): EndpointMatch {
  return asksGemini(name) ? matchGemini(method, name) : matchModel(method, name, "openai");
}

function matchOther(method: string, path: string, target: string): EndpointMatch {
  if (path.startsWith(`${GEMINI_MODELS}/`)) return matchGemini(method, path.slice(GEMINI_MODELS.length + 1));
  if (path === GEMINI_MODELS) return method === "GET" ? LIST_GEMINI_MODELS : ONLY_GET;
  if (path === MODELS) return method === "GET" ? LIST_MODELS : ONLY_GET;
  if (path.startsWith(`${MODELS}/`)) return matchV1Model(method, path.slice(MODELS.length + 1));
  if (target.startsWith(APIS)) return matchOf("http", target.slice(APIS.length));
  return UNSUPPORTED.test(path) ? NOT_SUPPORTED : NOT_FOUND;
}

/** Finds what a request asks for. The query plays no part, but for a REST call's own. Hot path. */
export function matchEndpoint(method: string, target: string): EndpointMatch {
  const query = target.indexOf("?");
  const path = query === -1 ? target : target.slice(0, query);
  const posted = POSTED.get(path);
  if (posted !== undefined) return method === "POST" ? posted : ONLY_POST;
  return matchOther(method, path, target);
}

/** The format in which whoever asks for a path expects an error, where the path means nothing. */
export function formatOfPath(target: string): CallerFormat {
  if (target.startsWith("/v1/messages")) return "anthropic";
  if (target.startsWith(APIS)) return "http";
  if (target.startsWith(`${MODELS}/`)) return asksGemini(target.split("?", 1)[0] ?? "") ? "gemini" : "openai";
  return target.startsWith("/v1beta/") || target.startsWith("/upload/v1beta/") ? "gemini" : "openai";
}
