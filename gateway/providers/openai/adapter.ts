import type { TokenUsage } from "#lib/contract/usage-event.ts";
import type { ProviderAdapter } from "../contract.ts";

const PATHS = {
  "chat.completions": "/chat/completions",
  completions: "/completions",
  embeddings: "/embeddings",
} as const;

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** OpenAI's usage object: `prompt_tokens`, `completion_tokens` (absent for embeddings) and their details. */
function readUsage(usage: unknown): TokenUsage | null {
  const inputTokens = count(field(usage, "prompt_tokens"));
  if (inputTokens === null) return null;
  const outputTokens = count(field(usage, "completion_tokens")) ?? 0;
  const cached = count(field(field(usage, "prompt_tokens_details"), "cached_tokens")) ?? 0;
  const reasoning = count(field(field(usage, "completion_tokens_details"), "reasoning_tokens")) ?? 0;
  return {
    inputTokens,
    cachedInputTokens: Math.min(cached, inputTokens),
    cacheWriteTokens: 0,
    outputTokens,
    reasoningTokens: Math.min(reasoning, outputTokens),
    source: "upstream",
  };
}

function adapter(kind: string): ProviderAdapter {
  return {
    kind,
    paths: PATHS,
    translation: null,
    credentialHeaders: (secret) => ["authorization", `Bearer ${secret}`],
    readUsage,
  };
}

export const openai = adapter("openai");
/** Any server that speaks OpenAI's dialect under a base URL of its own. */
export const openaiCompatible = adapter("openai_compatible");
