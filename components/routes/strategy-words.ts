import type { StrategyKind } from "#lib/contract/policy-document.ts";

const words: Record<StrategyKind, string> = { round_robin: "in turns", weighted: "by weight" };

/** What people call a strategy. */
export function strategyWords(strategy: StrategyKind | undefined): string {
  return strategy === undefined ? "" : words[strategy];
}
