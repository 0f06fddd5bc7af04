import type { TokenUsage } from "#lib/contract/usage-event.ts";

/** Text a model reads at four bytes a token: the usual rule of thumb, and only ever flagged as an estimate. */
export function estimateUsage(inputBytes: number, outputBytes: number): TokenUsage {
  return {
    inputTokens: Math.ceil(inputBytes / 4),
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: Math.ceil(outputBytes / 4),
    reasoningTokens: 0,
    source: "estimate",
  };
}
