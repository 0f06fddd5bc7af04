import { describe, expect, it } from "vitest";
import { charge, compileGcra, drain, fits, type GcraState, remaining } from "./gcra.ts";

const CALLS = 1_000_000;

/** Small and repeatable (mulberry32): the same calls on every machine. */
function repeatable(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** GCRA as it is written down, in exact rationals: the theoretical arrival time in units of 1/limit ms. */
class Oracle {
  private arrival = 0n;
  private readonly limit: bigint;
  private readonly windowMs: bigint;

  constructor(limit: number, windowSeconds: number) {
    this.limit = BigInt(limit);
    this.windowMs = BigInt(windowSeconds) * 1_000n;
  }

  admit(nowMs: number, units: number): boolean {
    const now = BigInt(nowMs) * this.limit;
    const next = (this.arrival > now ? this.arrival : now) + this.windowMs * BigInt(units);
    if (next - now > this.windowMs * this.limit) return false;
    this.arrival = next;
    return true;
  }
}

describe("GCRA", () => {
  it("decides a million calls, of one unit and of many, as the exact oracle does", () => {
    const random = repeatable(20_261_124);
    let wrong = 0;
    let admitted = 0;
    for (let call = 0; call < CALLS; ) {
      const limit = 1 + Math.floor(random() ** 3 * 1_000_000);
      const windowSeconds = 1 + Math.floor(random() ** 3 * 86_399);
      const rule = compileGcra(limit, windowSeconds);
      const oracle = new Oracle(limit, windowSeconds);
      const state: GcraState = { backlog: 0, atMs: 0 };
      const unitsMax = Math.max(1, Math.floor(limit / 20));
      // Between what keeps the limit idle and what keeps it full.
      const gapMsMax = ((windowSeconds * 1_000 * unitsMax) / limit) * (0.2 + random());
      let nowMs = 0;
      for (let end = call + 2_000; call < end; call++) {
        nowMs += Math.floor(random() * gapMsMax);
        const units = 1 + Math.floor(random() * unitsMax);
        drain(rule, state, nowMs);
        const isAdmitted = fits(rule, state, units);
        if (isAdmitted !== oracle.admit(nowMs, units) || remaining(rule, state) >= units !== isAdmitted) wrong += 1;
        if (!isAdmitted) continue;
        admitted += 1;
        charge(rule, state, units);
      }
    }
    expect(wrong).toBe(0);
    // Both answers were well tried.
    expect(admitted).toBeGreaterThan(CALLS / 4);
    expect(CALLS - admitted).toBeGreaterThan(CALLS / 20);
  });
});
