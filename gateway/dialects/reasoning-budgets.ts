import type { Reasoning } from "./generation.ts";

/** A word for how much the model may think. */
export type EffortWord = Extract<Reasoning, { kind: "effort" }>["effort"];

/**
 * How many tokens a word stands for, where one dialect counts and the other one speaks. The lowest is the least that
 * Anthropic takes, each further one doubles from `low` on; the highest fits every model that thinks by budget.
 */
export const EFFORT_BUDGET_TOKENS: Readonly<Record<EffortWord, number>> = {
  minimal: 1_024,
  low: 4_096,
  medium: 8_192,
  high: 16_384,
  xhigh: 32_768,
};

const WORDS: readonly EffortWord[] = ["minimal", "low", "medium", "high", "xhigh"];

/** The greatest word whose budget is not above this one; `minimal` below all of them. */
export function effortOf(budgetTokens: number): EffortWord {
  let effort: EffortWord = "minimal";
  for (const word of WORDS) if (EFFORT_BUDGET_TOKENS[word] <= budgetTokens) effort = word;
  return effort;
}

/** The word as it is, or the one a budget stands for. */
export function effortWord(reasoning: Exclude<Reasoning, { kind: "off" }>): EffortWord {
  return reasoning.kind === "effort" ? reasoning.effort : effortOf(reasoning.budgetTokens);
}

/** The budget as it is, or the one a word stands for. */
export function budgetTokens(reasoning: Exclude<Reasoning, { kind: "off" }>): number {
  return reasoning.kind === "budget" ? reasoning.budgetTokens : EFFORT_BUDGET_TOKENS[reasoning.effort];
}
