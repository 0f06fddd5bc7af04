import type { TokenUsage } from "#lib/contract/usage-event.ts";
import { tokensOfText } from "#lib/policy/reserved-tokens.ts";

/** Text a model reads at four bytes a token: the usual rule of thumb, and only ever flagged as an estimate. */
export function estimateUsage(inputBytes: number, outputBytes: number): TokenUsage {
  return {
    inputTokens: tokensOfText(inputBytes),
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: tokensOfText(outputBytes),
    reasoningTokens: 0,
    source: "estimate",
  };
}
