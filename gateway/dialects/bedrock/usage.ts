import type { TokenUsage } from "#lib/contract/usage-event.ts";
import { countOf } from "../json-fields.ts";

/**
 * Reads Converse's usage object: `inputTokens` there is what was neither read from the prompt cache nor written to it,
 * ours is all of it. It does not tell what was thought. Null when the counts are not usable numbers.
 */
export function readBedrockUsage(usage: unknown): TokenUsage | null {
  const fresh = countOf(usage, "inputTokens");
  if (fresh === null) return null;
  const outputTokens = countOf(usage, "outputTokens") ?? 0;
  const cachedInputTokens = countOf(usage, "cacheReadInputTokens") ?? 0;
  const cacheWriteTokens = countOf(usage, "cacheWriteInputTokens") ?? 0;
  const inputTokens = fresh + cachedInputTokens + cacheWriteTokens;
  return { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens: 0, source: "upstream" };
}
