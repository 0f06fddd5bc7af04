import type { Candidate, SelectionState } from "./select-target.ts";

/**
 * Takes turns: the candidate whose last turn is longest ago. A choice that is not the call's first (`isTurn` false) is no
 * turn: a target that fails must not, by having its calls taken over, become the next one's first choice again.
 * While a target starts slowly its turns are fewer, by smooth weights.
 */
export function selectRoundRobin(candidates: readonly Candidate[], state: SelectionState, isTurn: boolean): number {
  let chosen = -1;
  let longest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < candidates.length; index++) {
    const last = state.lastTurns.get(candidates[index]?.id ?? "") ?? 0;
    if (last >= longest) continue;
    longest = last;
    chosen = index;
  }
  const candidate = candidates[chosen];
  if (candidate !== undefined && isTurn) state.lastTurns.set(candidate.id, ++state.turn);
  return chosen;
}

/**
 * nginx's smooth weighted round robin: each turn every candidate gains its weight, the one with the most is chosen and
 * pays the sum of all. Over one cycle each is chosen exactly as often as its weight says, spread evenly.
 */
export function selectSmoothWeighted(candidates: readonly Candidate[], state: SelectionState, isTurn: boolean): number {
  return smooth(candidates, state, isTurn, null);
}

/** The first tier (lowest number) that has a candidate; within it by smooth weights. */
export function selectByPriority(candidates: readonly Candidate[], state: SelectionState, isTurn: boolean): number {
  let tier = Number.POSITIVE_INFINITY;
  for (const { priority } of candidates) tier = Math.min(tier, priority);
  return smooth(candidates, state, isTurn, tier);
}

function smooth(
  candidates: readonly Candidate[],
  state: SelectionState,
  isTurn: boolean,
  onlyTier: number | null,
): number {
  let chosen = -1;
  let most = Number.NEGATIVE_INFINITY;
  let total = 0;
  for (let index = 0; index < candidates.length; index++) {
    const candidate = candidates[index];
    if (candidate === undefined || (onlyTier !== null && candidate.priority !== onlyTier)) continue;
    const current = (state.currentWeights.get(candidate.id) ?? 0) + candidate.weight;
    if (isTurn) state.currentWeights.set(candidate.id, current);
    total += candidate.weight;
    if (current <= most) continue;
    most = current;
    chosen = index;
  }
  const candidate = candidates[chosen];
  if (candidate !== undefined && isTurn) state.currentWeights.set(candidate.id, most - total);
  return chosen;
}
