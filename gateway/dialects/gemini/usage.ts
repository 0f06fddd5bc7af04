import type { TokenUsage } from "#lib/contract/usage-event.ts";
import { countOf, type JsonObject } from "../json-fields.ts";

/**
 * Reads `usageMetadata`: thoughts stand beside the candidates there and are part of the output here; results of the
 * vendor's own tools are input. Null when the counts are not usable numbers.
 */
export function readGeminiUsage(usage: unknown): TokenUsage | null {
  const prompt = countOf(usage, "promptTokenCount");
  if (prompt === null) return null;
  const inputTokens = prompt + (countOf(usage, "toolUsePromptTokenCount") ?? 0);
  const reasoningTokens = countOf(usage, "thoughtsTokenCount") ?? 0;
  return {
    inputTokens,
    cachedInputTokens: Math.min(countOf(usage, "cachedContentTokenCount") ?? 0, inputTokens),
    cacheWriteTokens: 0,
    outputTokens: (countOf(usage, "candidatesTokenCount") ?? 0) + reasoningTokens,
    reasoningTokens,
    source: "upstream",
  };
}

/** Writes `usageMetadata`. */
export function writeGeminiUsage(usage: TokenUsage): JsonObject {
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = usage;
  return {
    promptTokenCount: inputTokens,
    ...(cachedInputTokens > 0 ? { cachedContentTokenCount: cachedInputTokens } : {}),
    candidatesTokenCount: Math.max(0, outputTokens - reasoningTokens),
    ...(reasoningTokens > 0 ? { thoughtsTokenCount: reasoningTokens } : {}),
    totalTokenCount: inputTokens + outputTokens,
  };
}
