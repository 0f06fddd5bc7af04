import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGcra, drain, fits, type GcraState, remaining, resetAfterMs, retryAfterMs } from "./gcra.ts";

/** The textbook form in exact rationals: the theoretical arrival time in units of 1/limit ms. */
class Oracle {
  private arrival = 0n;
  private readonly limit: bigint;
  private readonly windowMs: bigint;
  constructor(limit: number, windowSeconds: number) {
    this.limit = BigInt(limit);
    this.windowMs = BigInt(windowSeconds) * 1_000n;
  }
  admit(nowMs: number): boolean {
    const now = BigInt(nowMs) * this.limit;
    const next = (this.arrival > now ? this.arrival : now) + this.windowMs;
    if (next - now > this.windowMs * this.limit) return false;
    this.arrival = next;
    return true;
  }
}

describe("GCRA", () => {
  it("decides as the exact oracle does, call by call", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 3_600 }),
        fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 400_000 })), {
          maxLength: 300,
        }),
        (limit, windowSeconds, gapsMs) => {
          const rule = compileGcra(limit, windowSeconds);
          const state: GcraState = { backlog: 0, atMs: 0 };
          const oracle = new Oracle(limit, windowSeconds);
          let nowMs = 0;
          let wrong = 0;
          for (const gapMs of gapsMs) {
            nowMs += gapMs;
            drain(rule, state, nowMs);
            const admitted = fits(rule, state);
            if (admitted !== oracle.admit(nowMs) || remaining(rule, state) > 0 !== admitted) wrong += 1;
            if (admitted) state.backlog += rule.cost;
          }
          expect(wrong).toBe(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("says to the millisecond when the next call fits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 600 }), (limit, windowSeconds) => {
        const rule = compileGcra(limit, windowSeconds);
        const state: GcraState = { backlog: rule.capacity, atMs: 0 };
        const waitMs = retryAfterMs(rule, state);
        drain(rule, state, waitMs - 1);
        expect(fits(rule, state)).toBe(false);
        drain(rule, state, waitMs);
        expect(fits(rule, state)).toBe(true);
        expect(resetAfterMs(rule, { backlog: rule.capacity, atMs: 0 })).toBe(windowSeconds * 1_000);
      }),
    );
  });

  it("admits a burst of exactly the limit, and stands still when the clock goes back", () => {
    const rule = compileGcra(60, 60);
    const state: GcraState = { backlog: 0, atMs: 1_000 };
    let admitted = 0;
    for (let call = 0; call < 100; call++) {
      drain(rule, state, 1_000 - call);
      if (fits(rule, state)) {
        state.backlog += rule.cost;
        admitted += 1;
      }
    }
    expect(admitted).toBe(60);
    expect(remaining(rule, state)).toBe(0);
  });
});
