import type { CompiledLimit } from "#gateway/snapshot/snapshot.ts";
import { drain, fits, type GcraState, remaining, resetAfterMs, retryAfterMs } from "#lib/policy/gcra.ts";

/** What the limits of a plan said about one call, and the figures of the one that is tightest now. */
export interface LimitVerdict {
  readonly isAllowed: boolean;
  readonly limit: CompiledLimit;
  readonly remaining: number;
  readonly resetMs: number;
  /** How long until a call fits again; 0 when this one did. */
  readonly retryMs: number;
}

/**
 * Request rate limits in this process: GCRA, all of a plan's limits or none. Counters belong to the consumer and the
 * limit's own figures, not to a snapshot. A counter that has drained is worth nothing and is swept away, so that memory
 * is bounded by who called lately.
 */
export class RateLimiter {
  private readonly counters = new Map<string, Map<string, GcraState>>();

  /** Admits one call by all limits, or refuses it and charges none. `limits` is not empty. Hot path. */
  take(consumerId: string, limits: readonly CompiledLimit[], nowMs: number): LimitVerdict {
    const states = this.statesOf(consumerId);
    let refusedBy: CompiledLimit | null = null;
    let retryMs = 0;
    for (const limit of limits) {
      const state = stateOf(states, limit.key, nowMs);
      drain(limit.rule, state, nowMs);
      if (fits(limit.rule, state)) continue;
      const waitMs = retryAfterMs(limit.rule, state);
      if (refusedBy === null || waitMs > retryMs) {
        refusedBy = limit;
        retryMs = waitMs;
      }
    }
    if (refusedBy !== null) return this.verdict(states, refusedBy, false, retryMs, nowMs);
    for (const limit of limits) stateOf(states, limit.key, nowMs).backlog += limit.rule.cost;
    return this.verdict(states, tightest(states, limits, nowMs), true, 0, nowMs);
  }

  private statesOf(consumerId: string): Map<string, GcraState> {
    let states = this.counters.get(consumerId);
    if (states === undefined) {
      states = new Map();
      this.counters.set(consumerId, states);
    }
    return states;
  }

  private verdict(
    states: Map<string, GcraState>,
    limit: CompiledLimit,
    isAllowed: boolean,
    retryMs: number,
    nowMs: number,
  ): LimitVerdict {
    const state = stateOf(states, limit.key, nowMs);
    return {
      isAllowed,
      limit,
      remaining: remaining(limit.rule, state),
      resetMs: resetAfterMs(limit.rule, state),
      retryMs,
    };
  }

  /** Forgets every counter that stands where a new one would. Called now and then. */
  sweep(nowMs: number): void {
    for (const [consumerId, states] of this.counters) {
      for (const [key, state] of states) if (isDrained(key, state, nowMs)) states.delete(key);
      if (states.size === 0) this.counters.delete(consumerId);
    }
  }

  /** How many consumers have counters. */
  get size(): number {
    return this.counters.size;
  }
}

function stateOf(states: Map<string, GcraState>, key: string, nowMs: number): GcraState {
  let state = states.get(key);
  if (state === undefined) {
    state = { backlog: 0, atMs: nowMs };
    states.set(key, state);
  }
  return state;
}

/** A whole window without a call drains any backlog; the window stands at the end of a limit's key. */
function isDrained(key: string, state: GcraState, nowMs: number): boolean {
  return nowMs - state.atMs >= Number(key.slice(key.lastIndexOf(":") + 1)) * 1_000;
}

function tightest(states: Map<string, GcraState>, limits: readonly CompiledLimit[], nowMs: number): CompiledLimit {
  let [found] = limits;
  if (found === undefined) throw new RangeError("A plan without limits is not asked about them");
  let least = Number.POSITIVE_INFINITY;
  for (const limit of limits) {
    const left = remaining(limit.rule, stateOf(states, limit.key, nowMs)) / limit.rule.limit;
    if (left < least) {
      least = left;
      found = limit;
    }
  }
  return found;
}
