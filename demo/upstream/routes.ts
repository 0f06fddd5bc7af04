import { countTokens, messages } from "./anthropic/messages.ts";
import { converse } from "./bedrock/converse.ts";
import { batchEmbedContents, embedContent } from "./gemini/embed-content.ts";
import { countGeminiTokens, generateContent } from "./gemini/generate-content.ts";
import { listGeminiModels } from "./gemini/models.ts";
import type { Handler, Route } from "./handler.ts";
import type { Dialect } from "./ledger.ts";
import { speech, transcriptions } from "./openai/audio.ts";
import { chatCompletions } from "./openai/chat.ts";
import { completions } from "./openai/completions.ts";
import { embeddings } from "./openai/embeddings.ts";
import { images } from "./openai/images.ts";
import { decodePathPart, listModels, showModel } from "./openai/models.ts";
import { moderations } from "./openai/moderations.ts";
import { rerank } from "./openai/rerank.ts";
import { responses } from "./openai/responses.ts";
import { echo } from "./rest/echo.ts";

function post(dialect: Dialect, handler: Handler): Route {
  return { dialect, method: "POST", body: "json", handler, needsModel: true };
}

function get(dialect: Dialect, handler: Handler): Route {
  return { dialect, method: "GET", body: "none", handler, needsModel: false };
}

const withDefaultModel = (route: Route): Route => ({ ...route, needsModel: false });
const asForm = (route: Route): Route => ({ ...route, body: "form", needsModel: false });

const ROUTES = new Map<string, Route>([
  ["/v1/chat/completions", post("openai", chatCompletions)],
  ["/v1/completions", post("openai", completions)],
  ["/v1/responses", post("openai", responses)],
  ["/v1/embeddings", post("openai", embeddings)],
  ["/v1/models", get("openai", listModels)],
  ["/v1/moderations", withDefaultModel(post("openai", moderations))],
  ["/v1/images/generations", withDefaultModel(post("openai", images))],
  ["/v1/images/edits", asForm(post("openai", images))],
  ["/v1/images/variations", asForm(post("openai", images))],
  ["/v1/audio/speech", post("openai", speech)],
  ["/v1/audio/transcriptions", asForm(post("openai", transcriptions))],
  ["/v1/audio/translations", asForm(post("openai", transcriptions))],
  ["/v1/rerank", post("openai", rerank)],
  ["/v1/messages", post("anthropic", messages)],
  ["/v1/messages/count_tokens", post("anthropic", countTokens)],
  ["/v1beta/models", get("gemini", listGeminiModels)],
]);

const GEMINI_VERBS = new Map<string, Handler>([
  ["generateContent", generateContent],
  ["streamGenerateContent", generateContent],
  ["countTokens", countGeminiTokens],
  ["embedContent", embedContent],
  ["batchEmbedContents", batchEmbedContents],
]);

const GEMINI_PREFIX = "/v1beta/models/";
const BEDROCK_PREFIX = "/model/";
const MODEL_PREFIX = "/v1/models/";
const SHOW_MODEL = get("openai", showModel);
const CONVERSE = /^\/model\/([^/]+)\/converse(-stream)?$/;
const ECHO: Route = { dialect: "rest", method: "ANY", body: "raw", handler: echo, needsModel: false };

function findGeminiRoute(path: string): Route | undefined {
  const colon = path.lastIndexOf(":");
  const verb = path.slice(colon + 1);
  const handler = colon < 0 ? undefined : GEMINI_VERBS.get(verb);
  if (handler === undefined) return undefined;
  const model = decodePathPart(path.slice(GEMINI_PREFIX.length, colon));
  return { ...post("gemini", handler), model, isStream: verb === "streamGenerateContent" };
}

function findBedrockRoute(path: string): Route | undefined {
  const [, model, stream] = CONVERSE.exec(path) ?? [];
  if (model === undefined) return undefined;
  return { ...post("bedrock", converse), model: decodePathPart(model), isStream: stream !== undefined };
}

/** The route of a path (without query); undefined when there is none. Throws `InvalidRequest` on a broken encoding. */
export function findRoute(path: string): Route | undefined {
  const exact = ROUTES.get(path);
  if (exact !== undefined) return exact;
  if (path.startsWith(GEMINI_PREFIX)) return findGeminiRoute(path);
  if (path.startsWith(BEDROCK_PREFIX)) return findBedrockRoute(path);
  if (path.startsWith(MODEL_PREFIX)) return SHOW_MODEL;
  return path.startsWith("/rest/") ? ECHO : undefined;
}

/** The dialect in which a path that leads nowhere is refused. */
export function dialectOfPath(path: string): Dialect {
  if (path.startsWith("/v1beta/")) return "gemini";
  if (path.startsWith(BEDROCK_PREFIX)) return "bedrock";
  if (path.startsWith("/v1/messages")) return "anthropic";
  return path.startsWith("/rest/") ? "rest" : "openai";
}
