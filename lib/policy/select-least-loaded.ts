import type { Candidate } from "./select-target.ts";

/** Fewest calls under way for its weight; among equals by chance, in proportion to weight. */
export function selectLeastConnections(candidates: readonly Candidate[], random: () => number): number {
  let chosen = -1;
  let least = Number.POSITIVE_INFINITY;
  let equalWeight = 0;
  for (let index = 0; index < candidates.length; index++) {
    const candidate = candidates[index];
    if (candidate === undefined) continue;
    const load = candidate.inFlight / candidate.weight;
    if (load > least) continue;
    equalWeight = load < least ? candidate.weight : equalWeight + candidate.weight;
    least = load;
    // Each of the equals seen so far stays chosen with the chance its weight gives it.
    if (equalWeight === candidate.weight || random() * equalWeight < candidate.weight) chosen = index;
  }
  return chosen;
}

/** What stands in for the latency of a target that nothing is known of, once a call is under way to it. */
const UNKNOWN_LATENCY_MS = 1_000;

/**
 * Power of two choices (Mitzenmacher) over Finagle's peak EWMA: two different candidates are drawn, by weight, and the one
 * with the lower latency × (calls under way + 1) is taken. Drawing two keeps many nodes from all choosing the same best.
 */
export function selectLowestLatency(candidates: readonly Candidate[], random: () => number): number {
  const first = drawByWeight(candidates, random, -1);
  const second = candidates.length > 1 ? drawByWeight(candidates, random, first) : -1;
  const one = candidates[first];
  const other = candidates[second];
  if (one === undefined || other === undefined) return first;
  return expectedMs(other) < expectedMs(one) ? second : first;
}

function expectedMs({ latencyMs, inFlight }: Candidate): number {
  if (latencyMs === 0) return inFlight * UNKNOWN_LATENCY_MS;
  return latencyMs * (inFlight + 1);
}

function drawByWeight(candidates: readonly Candidate[], random: () => number, except: number): number {
  let total = 0;
  for (let index = 0; index < candidates.length; index++) {
    if (index !== except) total += candidates[index]?.weight ?? 0;
  }
  let left = random() * total;
  let last = -1;
  for (let index = 0; index < candidates.length; index++) {
    if (index === except) continue;
    last = index;
    left -= candidates[index]?.weight ?? 0;
    if (left < 0) return index;
  }
  return last;
}
