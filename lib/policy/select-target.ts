import type { StrategyKind } from "../contract/policy-document.ts";
import { selectByHash } from "./select-by-hash.ts";
import { selectByPriority, selectRoundRobin, selectSmoothWeighted } from "./select-in-turn.ts";
import { selectLeastConnections, selectLowestLatency } from "./select-least-loaded.ts";

/** A target that may be chosen now, with what is known of it at this moment. What is out of service is not offered. */
export interface Candidate {
  readonly id: string;
  /** Above 0. Lower than configured while the target starts slowly. */
  readonly weight: number;
  /** The lowest number is the first tier. */
  readonly priority: number;
  /** Calls under way. */
  readonly inFlight: number;
  /** Peak EWMA of the time to the first byte; 0 when nothing is known. Only read by `lowest_latency`. */
  readonly latencyMs: number;
  /** What the target is to a consistent hash: the same for the same upstream and model, whatever else changes. */
  readonly hash: number;
}

/** What a version's selector remembers between calls, by target id, so that it survives a new snapshot. */
export interface SelectionState {
  /** How many turns round robin has given, and which was each target's last. */
  turn: number;
  readonly lastTurns: Map<string, number>;
  /** Smooth weighted round robin's current weights. */
  readonly currentWeights: Map<string, number>;
}

export function newSelectionState(): SelectionState {
  return { turn: 0, lastTurns: new Map(), currentWeights: new Map() };
}

/** The weight that a strategy goes by: taking turns knows none. */
export function weightIn(strategy: StrategyKind, weight: number): number {
  return strategy === "round_robin" ? 1 : weight;
}

/** What a choice may depend on besides the candidates. */
export interface SelectionOptions {
  /** Whether this is the call's first choice. A further choice is no turn (see `selectRoundRobin`). */
  readonly isTurn: boolean;
  /** `hashOf` what the consistent hash is taken of. */
  readonly keyHash: number;
  /** Evenly from 0 (included) to 1 (not included). */
  random(): number;
}

/**
 * Chooses by a strategy among the candidates. Returns an index into them, or -1 when there are none. Changes `state`.
 * Hot path: no allocation.
 */
export function selectTarget(
  strategy: StrategyKind,
  candidates: readonly Candidate[],
  state: SelectionState,
  options: SelectionOptions,
): number {
  switch (strategy) {
    case "round_robin":
      return selectRoundRobin(candidates, state, options.isTurn);
    case "weighted":
      return selectSmoothWeighted(candidates, state, options.isTurn);
    case "priority":
      return selectByPriority(candidates, state, options.isTurn);
    case "least_connections":
      return selectLeastConnections(candidates, options.random);
    case "lowest_latency":
      return selectLowestLatency(candidates, options.random);
    case "consistent_hash":
      return selectByHash(candidates, options.keyHash);
  }
}
