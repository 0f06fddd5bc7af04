import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { JsonObject } from "./json-fields.ts";

/** Usage as chat completions and legacy completions tell it. `cache_write_tokens` is what OpenRouter calls it. */
export function chatUsage(usage: TokenUsage): JsonObject {
  const { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens } = usage;
  const written = cacheWriteTokens === 0 ? {} : { cache_write_tokens: cacheWriteTokens };
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedInputTokens, audio_tokens: 0, ...written },
    completion_tokens_details: {
      reasoning_tokens: reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** Usage as the Responses API tells it. */
export function responsesUsage(usage: TokenUsage): JsonObject {
  const { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens } = usage;
  const written = cacheWriteTokens === 0 ? {} : { cache_write_tokens: cacheWriteTokens };
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedInputTokens, ...written },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
  };
}
