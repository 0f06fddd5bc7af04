/** What a Claude model's version decides about a request. */
export interface ClaudeTraits {
  /**
   * From 4.6 on the model decides itself how much to think, by a word (`adaptive` and `effort`); before, by a budget. The
   * newest ones refuse a budget, the older ones the word. A name without a version is taken for a new one.
   */
  readonly thinks: "by_effort" | "by_budget" | "never";
  /** What stands in for `max_tokens`, which the API requires, where the caller gave none: what every such model can do. */
  readonly outputTokensDefault: number;
}

/** `claude-opus-4-6`, `claude-3-7-sonnet-20250219`, `eu.anthropic.claude-haiku-4-5-20251001-v1:0`: never the date. */
const VERSION = /claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2}))?(?![\d])/;

const NEW: ClaudeTraits = { thinks: "by_effort", outputTokensDefault: 32_000 };
const BY_BUDGET: ClaudeTraits = { thinks: "by_budget", outputTokensDefault: 32_000 };
const THREE_FIVE: ClaudeTraits = { thinks: "never", outputTokensDefault: 8_192 };
const THREE: ClaudeTraits = { thinks: "never", outputTokensDefault: 4_096 };

/** The traits of a model by its name, in Anthropic's or Bedrock's spelling. */
export function claudeTraits(model: string): ClaudeTraits {
  const found = VERSION.exec(model);
  if (found === null) return NEW;
  const version = Number(found[1]) * 100 + Number(found[2] ?? 0);
  if (version >= 406) return NEW;
  if (version >= 307) return BY_BUDGET;
  return version >= 305 ? THREE_FIVE : THREE;
}
