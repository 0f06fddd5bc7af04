import { LRUCache } from "lru-cache";
import { compileGcra, drain, type GcraState, retryAfterMs } from "../policy/gcra.ts";

const KEYS_MAX = 10_000;

/**
 * A bound on how often something happens for each key, in this process: `limit` per window, all of it at once if need
 * be. The least recently seen keys are forgotten past the bound on memory.
 */
export interface Throttle {
  /** Takes `weight` calls if they fit now and returns 0, or takes nothing and returns the milliseconds to wait. */
  take(key: string, nowMs: number, weight?: number): number;
  /** Gives one call back. */
  refund(key: string, nowMs: number): void;
}

/** Makes a throttle of `limit` calls per `windowSeconds` and key. */
export function createThrottle(limit: number, windowSeconds: number): Throttle {
  const rule = compileGcra(limit, windowSeconds);
  const states = new LRUCache<string, GcraState>({ max: KEYS_MAX });
  const stateOf = (key: string, nowMs: number): GcraState => {
    const state = states.get(key) ?? { backlog: 0, atMs: nowMs };
    drain(rule, state, nowMs);
    states.set(key, state);
    return state;
  };
  return {
    take(key, nowMs, weight = 1) {
      const state = stateOf(key, nowMs);
      const heavier = { ...rule, cost: rule.cost * weight };
      const waitMs = retryAfterMs(heavier, state);
      if (waitMs === 0) state.backlog += heavier.cost;
      return waitMs;
    },
    refund(key, nowMs) {
      const state = stateOf(key, nowMs);
      state.backlog = Math.max(0, state.backlog - rule.cost);
    },
  };
}
