import type { GatewayAction } from "#lib/contract/action.ts";
import type { CacheRule, CacheScope } from "#lib/contract/cache-rule.ts";
import { canonicalMembers, writeMembers } from "./canonical-json.ts";

/** Why a call does not use the cache, in words for its decision. */
export class CacheBypass {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What a key is made of besides the body. */
export interface CacheKeyParts {
  readonly scope: CacheScope;
  /** The consumer or the team; "" for everyone. */
  readonly scopeId: string;
  /** Names the route, its exact version and all that the revision says of it. */
  readonly versionSeed: string;
  /** Changes when the route's cache is purged. */
  readonly purgeEpoch: string;
  readonly action: GatewayAction;
  readonly stream: boolean;
  /** What else of the call changes its answer, in a fixed order and number: headers, the model where the path names it. */
  readonly details: readonly string[];
  /** The canonical body, or method, path and query of a REST call. */
  readonly subject: string;
}

/**
 * Headers of a model call that change its answer. A call's other headers are no part of its key: what a vendor makes of
 * an unknown header is not the meaning of the call.
 */
export const KEYED_HEADERS = ["anthropic-version", "anthropic-beta", "openai-beta"] as const;
/** The same for a REST call; an answer that varies by any other header is not kept. */
export const KEYED_HTTP_HEADERS = ["accept", "accept-language", "accept-encoding"] as const;

/** The text that a key is the hash of: each part with its length before it, so that no two lists of parts read the same. */
export function cacheKeyText(parts: CacheKeyParts): string {
  const { scope, scopeId, versionSeed, purgeEpoch, action, stream, details, subject } = parts;
  const all = [scope, scopeId, versionSeed, purgeEpoch, action, stream ? "stream" : "whole", ...details, subject];
  return all.map((part) => `${part.length}:${part}`).join("");
}

/** Bodies that are JSON and whose answer depends on nothing else; everything else is not cached. */
const CACHED_ACTIONS: ReadonlySet<GatewayAction> = new Set<GatewayAction>([
  "chat.completions",
  "completions",
  "responses",
  "embeddings",
  "images.generations",
  "audio.speech",
  "moderations",
  "rerank",
  "messages",
  "messages.count_tokens",
  "generate_content",
  "stream_generate_content",
  "embed_content",
  "batch_embed_contents",
]);

/** Actions without a temperature: the same input has the same answer. */
const FIXED_ACTIONS: ReadonlySet<GatewayAction> = new Set<GatewayAction>([
  "embeddings",
  "moderations",
  "rerank",
  "messages.count_tokens",
  "embed_content",
  "batch_embed_contents",
]);

/** Fields that say on whose behalf a call is made, or steer the vendor's own caches, and change no answer. */
const IDLE_FIELDS: ReadonlyMap<GatewayAction, readonly string[]> = new Map<GatewayAction, readonly string[]>([
  ["chat.completions", ["user", "metadata", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"]],
  ["completions", ["user"]],
  ["embeddings", ["user"]],
  ["images.generations", ["user"]],
  ["moderations", ["user"]],
  ["rerank", ["user"]],
  ["messages", ["metadata"]],
]);

/** Fields with which an answer depends on more than the body, or has an effect besides it. */
const STATE_FIELDS = [
  "previous_response_id",
  "conversation",
  "background",
  "web_search_options",
  "mcp_servers",
  "container",
  "cachedContent",
  "cached_content",
] as const;

/** Members of a Gemini tool that the caller itself carries out. */
const GEMINI_OWN_TOOLS = new Set(["functionDeclarations", "function_declarations"]);

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Whether the vendor carries a tool out itself: searching, running code, calling servers. */
function isHostedTool(action: GatewayAction, tool: unknown): boolean {
  if (action === "generate_content" || action === "stream_generate_content") {
    if (typeof tool !== "object" || tool === null) return true;
    return Object.keys(tool).some((name) => !GEMINI_OWN_TOOLS.has(name));
  }
  const type = field(tool, "type");
  return type !== undefined && type !== "function" && type !== "custom";
}

function temperatureOf(body: unknown): unknown {
  const config = field(body, "generationConfig") ?? field(body, "generation_config");
  return field(body, "temperature") ?? field(config, "temperature");
}

function bypassOf(action: GatewayAction, rule: CacheRule, body: unknown): CacheBypass | null {
  for (const name of STATE_FIELDS) if (isSet(field(body, name))) return new CacheBypass(`"${name}" is set`);
  const store = field(body, "store");
  // The Responses API keeps every answer unless it is told not to.
  if (action === "responses" ? store !== false : isSet(store)) return new CacheBypass("the answer is to be stored");
  const tools = field(body, "tools");
  if (isSet(tools) && (!Array.isArray(tools) || tools.some((tool) => isHostedTool(action, tool)))) {
    return new CacheBypass("a tool that the vendor carries out");
  }
  if (rule.onlyTemperatureZero && !FIXED_ACTIONS.has(action) && temperatureOf(body) !== 0) {
    return new CacheBypass("the temperature is not 0");
  }
  return null;
}

/** `stream_options` says nothing unless it asks for usage; `stream` is part of the key by itself. */
function dropIdleMembers(action: GatewayAction, members: Map<string, string>, body: unknown): void {
  members.delete('"stream"');
  const options = field(body, "stream_options");
  const isPlain =
    !isSet(options) ||
    (typeof options === "object" && options !== null && Object.keys(options).every((name) => name === "include_usage"));
  if (isPlain && field(options, "include_usage") !== true) members.delete('"stream_options"');
  for (const name of IDLE_FIELDS.get(action) ?? []) members.delete(`"${name}"`);
}

/**
 * What two calls must share to be the same call: the body with key order, white space, escapes and the writing of numbers
 * taken away, and without the fields that change no answer. A bypass where the answer depends on more than the body, has
 * an effect besides it, or where the body has no one meaning.
 */
export function cacheSubject(action: GatewayAction, rule: CacheRule, text: string): string | CacheBypass {
  if (!CACHED_ACTIONS.has(action)) return new CacheBypass(`${action} is not cached`);
  const members = canonicalMembers(text);
  if (members === null) return new CacheBypass("the body has no one meaning");
  const body: unknown = JSON.parse(text);
  const bypass = bypassOf(action, rule, body);
  if (bypass !== null) return bypass;
  dropIdleMembers(action, members, body);
  return writeMembers(members);
}
