import { readAnthropicUsage } from "#gateway/dialects/anthropic/usage.ts";
import { readGeminiUsage } from "#gateway/dialects/gemini/usage.ts";
import type { ForwardedAction } from "#lib/contract/action.ts";
import type { TokenUsage } from "#lib/contract/usage-event.ts";
import { countOf, fieldOf } from "./json-fields.ts";

/**
 * Where an answer says what it used and how to read it. In a stream the object may come in several events, each with a
 * part of it: they are laid over one another, later over earlier, before `read` is asked.
 */
export interface UsageReader {
  /** The key of the usage object with its quotes, as bytes of JSON. */
  readonly key: Buffer;
  /** Null when the object holds no usable numbers. */
  read(usage: unknown): TokenUsage | null;
}

function usage(input: number, cached: number, written: number, output: number, reasoning: number): TokenUsage {
  return {
    inputTokens: input,
    cachedInputTokens: Math.min(cached, input),
    cacheWriteTokens: Math.min(written, input - Math.min(cached, input)),
    outputTokens: output,
    reasoningTokens: Math.min(reasoning, output),
    source: "upstream",
  };
}

function readOpenAi(value: unknown): TokenUsage | null {
  const total = countOf(value, "total_tokens");
  const output = countOf(value, "completion_tokens") ?? countOf(value, "output_tokens") ?? 0;
  // Rerankers and some embedders tell only a total.
  const input = countOf(value, "prompt_tokens") ?? countOf(value, "input_tokens") ?? total;
  if (input === null) return null;
  const inputDetails = fieldOf(value, "prompt_tokens_details") ?? fieldOf(value, "input_tokens_details");
  const outputDetails = fieldOf(value, "completion_tokens_details") ?? fieldOf(value, "output_tokens_details");
  // DeepSeek and Moonshot have names of their own for input from the prompt cache.
  const cached =
    countOf(inputDetails, "cached_tokens") ??
    countOf(value, "prompt_cache_hit_tokens") ??
    countOf(value, "cached_tokens") ??
    0;
  const written = countOf(inputDetails, "cache_write_tokens") ?? 0;
  return usage(input, cached, written, output, countOf(outputDetails, "reasoning_tokens") ?? 0);
}

/** OpenAI's usage object: `prompt_tokens` of chat, `input_tokens` of responses, images and transcriptions, and what vendors made of them. */
export const openaiUsage: UsageReader = { key: Buffer.from('"usage"'), read: readOpenAi };

/** xAI counts reasoning beside `completion_tokens`, not within. */
export const xaiUsage: UsageReader = {
  key: openaiUsage.key,
  read(value) {
    const read = readOpenAi(value);
    const reasoning = countOf(fieldOf(value, "completion_tokens_details"), "reasoning_tokens") ?? 0;
    const isBeside =
      countOf(value, "total_tokens") === (read?.inputTokens ?? 0) + (read?.outputTokens ?? 0) + reasoning;
    if (read === null || !isBeside) return read;
    return { ...read, outputTokens: read.outputTokens + reasoning, reasoningTokens: reasoning };
  },
};

/** Anthropic's: `input_tokens` leaves out what was read from and written to the prompt cache. Also counts of `count_tokens`. */
export const anthropicUsage: UsageReader = { key: openaiUsage.key, read: readAnthropicUsage };

/** Gemini's: thoughts are counted beside the candidates, the prompt of tools beside the prompt. */
export const geminiUsage: UsageReader = { key: Buffer.from('"usageMetadata"'), read: readGeminiUsage };

/** Cohere's `meta`: tokens where they are billed, else a search, which counts as one request and no tokens. */
export const cohereUsage: UsageReader = {
  key: Buffer.from('"meta"'),
  read(value) {
    const billed = fieldOf(value, "billed_units");
    const input = countOf(billed, "input_tokens");
    if (input === null && countOf(billed, "search_units") === null) return null;
    return usage(input ?? 0, 0, 0, countOf(billed, "output_tokens") ?? 0, 0);
  },
};

/** The reader for an action's own dialect, where a provider answers it in that dialect as everybody does. */
export function usageOfAction(action: ForwardedAction): UsageReader {
  switch (action) {
    case "messages":
    case "messages.count_tokens":
      return anthropicUsage;
    case "generate_content":
    case "stream_generate_content":
    case "embed_content":
    case "batch_embed_contents":
      return geminiUsage;
    default:
      return openaiUsage;
  }
}
