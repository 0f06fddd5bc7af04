import type { TokenUsage } from "#lib/contract/usage-event.ts";
import { countOf, fieldOf, type JsonObject } from "../json-fields.ts";

/**
 * Reads Anthropic's usage object: `input_tokens` there is what was neither read from the prompt cache nor written to it,
 * ours is all of it. Null when the counts are not usable numbers.
 */
export function readAnthropicUsage(usage: unknown): TokenUsage | null {
  const fresh = countOf(usage, "input_tokens");
  if (fresh === null) return null;
  const outputTokens = countOf(usage, "output_tokens") ?? 0;
  const cachedInputTokens = countOf(usage, "cache_read_input_tokens") ?? 0;
  const cacheWriteTokens = countOf(usage, "cache_creation_input_tokens") ?? 0;
  const thinking = countOf(fieldOf(usage, "output_tokens_details"), "thinking_tokens") ?? 0;
  return {
    inputTokens: fresh + cachedInputTokens + cacheWriteTokens,
    cachedInputTokens,
    cacheWriteTokens,
    outputTokens,
    reasoningTokens: Math.min(thinking, outputTokens),
    source: "upstream",
  };
}

/** Writes a usage object. The format requires one: where the upstream told nothing, it says zero. */
export function writeAnthropicUsage(usage: TokenUsage | null): JsonObject {
  const cached = usage?.cachedInputTokens ?? 0;
  const written = usage?.cacheWriteTokens ?? 0;
  const reasoning = usage?.reasoningTokens ?? 0;
  return {
    input_tokens: Math.max(0, (usage?.inputTokens ?? 0) - cached - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: cached,
    output_tokens: usage?.outputTokens ?? 0,
    ...(reasoning > 0 ? { output_tokens_details: { thinking_tokens: reasoning } } : {}),
  };
}
