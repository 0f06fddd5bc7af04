/** What a selector needs to know of a target. A weight of 0 takes a target out of service. */
export interface WeightedTarget {
  readonly id: string;
  readonly weight: number;
}

/** What a selector remembers between calls, by target id, so that it survives a new snapshot. Mutated by selection. */
export interface SelectionState {
  /** The target that round robin chose last. */
  lastId: string | null;
  /** Smooth weighted round robin's current weights. */
  readonly currentWeights: Map<string, number>;
}

export function newSelectionState(): SelectionState {
  return { lastId: null, currentWeights: new Map() };
}

/**
 * Takes turns among the targets that are in service and not excluded. Returns the index, or -1 when none is left.
 * Choosing again for the same call (`excluded` is not null) is no turn: a target that fails must not, by having its calls
 * taken over, become the next one's first choice again. Hot path: no allocation.
 */
export function selectRoundRobin(
  targets: readonly WeightedTarget[],
  state: SelectionState,
  excluded: ReadonlySet<string> | null,
): number {
  let start = 0;
  for (let index = 0; index < targets.length; index++) {
    if (targets[index]?.id === state.lastId) start = index + 1;
  }
  for (let step = 0; step < targets.length; step++) {
    const index = (start + step) % targets.length;
    const target = targets[index];
    if (target === undefined || target.weight === 0 || excluded?.has(target.id)) continue;
    if (excluded === null) state.lastId = target.id;
    return index;
  }
  return -1;
}

/**
 * nginx's smooth weighted round robin: each turn every target gains its weight, the one with the most is chosen and
 * pays the sum of all. Over one cycle each target is chosen exactly as often as its weight says, spread evenly.
 * Returns the index, or -1 when none is left.
 */
export function selectSmoothWeighted(
  targets: readonly WeightedTarget[],
  state: SelectionState,
  excluded: ReadonlySet<string> | null,
): number {
  let chosen = -1;
  let most = Number.NEGATIVE_INFINITY;
  let total = 0;
  for (let index = 0; index < targets.length; index++) {
    const target = targets[index];
    if (target === undefined || target.weight === 0 || excluded?.has(target.id)) continue;
    const current = (state.currentWeights.get(target.id) ?? 0) + target.weight;
    if (excluded === null) state.currentWeights.set(target.id, current);
    total += target.weight;
    if (current > most) {
      most = current;
      chosen = index;
    }
  }
  const target = targets[chosen];
  if (target === undefined) return -1;
  if (excluded === null) state.currentWeights.set(target.id, most - total);
  return chosen;
}
