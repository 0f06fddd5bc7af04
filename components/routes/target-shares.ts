import type { StrategyKind } from "#lib/contract/policy-document.ts";

/**
 * The share of a version's calls that each target gets while all of them are in service, in the order of the targets: as
 * the nodes choose (`lib/policy/select-target.ts`). By load or latency it is the share that equal targets would get; by
 * caller, that of many callers. A weight of 0 takes a target out of service under every strategy.
 */
export function sharesOf(strategy: StrategyKind, targets: readonly { weight: number; priority: number }[]): number[] {
  const tier = Math.min(...targets.filter(({ weight }) => weight > 0).map(({ priority }) => priority));
  const parts = targets.map(({ weight, priority }) => {
    if (strategy === "round_robin") return weight > 0 ? 1 : 0;
    return strategy === "priority" && priority !== tier ? 0 : weight;
  });
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => (sum === 0 ? 0 : part / sum));
}
