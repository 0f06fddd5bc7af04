import type { StrategyKind } from "#lib/contract/policy-document.ts";

/**
 * The share of a version's calls that each target gets while all of them answer, in the order of the targets: as the
 * nodes choose (`lib/policy/select-target.ts`). A weight of 0 takes a target out of service under either strategy.
 */
export function sharesOf(strategy: StrategyKind, targets: readonly { weight: number }[]): number[] {
  const parts = targets.map(({ weight }) => (strategy === "weighted" ? weight : weight > 0 ? 1 : 0));
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => (sum === 0 ? 0 : part / sum));
}
