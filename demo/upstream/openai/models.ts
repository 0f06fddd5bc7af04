import { type Handler, InvalidRequest } from "../handler.ts";

/** The models listed. Any other name is served as well. */
export const DEMO_MODELS = [
  "demo-small",
  "demo-large",
  "demo-embedding",
  "demo-cached",
  "demo-slow",
  "demo-fail",
  "demo-flaky",
] as const;

const CREATED_SECONDS = 1_767_225_600;

const NO_TOKENS = { inputTokens: 0, outputTokens: 0 };

function modelObject(id: string) {
  return { id, object: "model", created: CREATED_SECONDS, owned_by: "turnpike-demo" };
}

/** GET /v1/models. A caller that sends `anthropic-version` gets Anthropic's form, as the path is the same there. */
export const listModels: Handler = (exchange) => {
  if (exchange.request.headers["anthropic-version"] === undefined) {
    return exchange.answer({ object: "list", data: DEMO_MODELS.map(modelObject) }, NO_TOKENS);
  }
  const created_at = new Date(CREATED_SECONDS * 1000).toISOString();
  const data = DEMO_MODELS.map((id) => ({ type: "model", id, display_name: id, created_at }));
  const ends = { first_id: DEMO_MODELS[0], last_id: DEMO_MODELS.at(-1) ?? null };
  return exchange.answer({ data, has_more: false, ...ends }, NO_TOKENS);
};

/** GET /v1/models/{id} */
export const showModel: Handler = (exchange) => {
  const id = decodePathPart(exchange.entry.path.slice("/v1/models/".length));
  return exchange.answer(modelObject(id), NO_TOKENS);
};

/** Decodes a percent-encoded path part; throws `InvalidRequest` when it is malformed. */
export function decodePathPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new InvalidRequest("The path is not properly encoded.");
  }
}
