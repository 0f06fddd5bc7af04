import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationBin } from "../../contract/latency-scale.ts";
import { type Figures, minus, plus, sumOf } from "./figures.ts";
import { judge, nextLook } from "./gate.ts";
import { Gate } from "./schemas.ts";
import { chanceOfAtLeast, upperBound } from "./statistics.ts";

const gate = Gate.parse({});
const CHANCE = 0.005;

function figures({ ok = 0, failed = 0, refused = 0, ms = 10 }): Figures {
  return { ok, failed, refused, durations: ok === 0 ? new Map() : new Map([[durationBin(ms), ok]]) };
}

/** P(X = hits) by multiplying it out, to compare with. */
function chanceOf(hits: number, trials: number, probability: number): number {
  let ways = 1;
  for (let each = 1; each <= hits; each++) ways *= (trials - hits + each) / each;
  return ways * probability ** hits * (1 - probability) ** (trials - hits);
}

describe("statistics", () => {
  it("knows the chance of at least so many hits, as multiplied out", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(40),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (trials, few, p) => {
          const hits = Math.min(few, trials);
          let sum = 0;
          for (let each = hits; each <= trials; each++) sum += chanceOf(each, trials, p);
          expect(chanceOfAtLeast(hits, trials, p)).toBeCloseTo(sum, 9);
        },
      ),
    );
  });

  it("bounds a probability where so few hits have just the given chance", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (trials, share) => {
          const hits = Math.floor(trials * share);
          const bound = upperBound(hits, trials, 0.01);
          expect(bound).toBeGreaterThan(hits / trials);
          expect(1 - chanceOfAtLeast(hits + 1, trials, bound)).toBeCloseTo(0.01, 6);
        },
      ),
    );
    // Known: with none of 59, the one-sided 95 % bound is 1 − 0.05^(1/59).
    expect(upperBound(0, 59, 0.05)).toBeCloseTo(1 - 0.05 ** (1 / 59), 9);
    expect(upperBound(3, 3, 0.05)).toBe(1);
  });
});

describe("the gate", () => {
  it("finds a revision that fails everything within its first look", () => {
    const judged = judge(gate, figures({ failed: 8 }), figures({ ok: 100 }), CHANCE);
    expect(judged.verdict).toBe("worse");
    expect(judged.measures).toContainEqual({
      measure: "errorRatio",
      canary: 1,
      rest: 0,
      allowed: 0.02,
      verdict: "worse",
    });
  });

  it("does not take an upstream that fails everywhere for the canary's fault", () => {
    const judged = judge(gate, figures({ ok: 50, failed: 50 }), figures({ ok: 150, failed: 150 }), CHANCE);
    expect(judged.verdict).toBe("good");
  });

  it("does not call two failures in ten the canary's fault when the rest has served little", () => {
    const few = judge(gate, figures({ ok: 8, failed: 2 }), figures({ ok: 20 }), CHANCE);
    expect(few.verdict).toBe("too_few_calls");
    expect(few.measures[0]).toMatchObject({ measure: "errorRatio", verdict: "unclear" });
  });

  it("finds calls refused that are not refused elsewhere, and a latency that is twice the rest's", () => {
    expect(judge(gate, figures({ refused: 30 }), figures({ ok: 300 }), CHANCE).verdict).toBe("worse");
    const slow = judge(gate, figures({ ok: 200, ms: 400 }), figures({ ok: 600, ms: 180 }), CHANCE);
    expect(slow.verdict).toBe("worse");
    expect(slow.measures.find(({ measure }) => measure === "p95LatencyMs")).toMatchObject({ verdict: "worse" });
    // Three times as slow, and nobody would notice.
    expect(judge(gate, figures({ ok: 200, ms: 6 }), figures({ ok: 600, ms: 2 }), CHANCE).verdict).toBe("good");
    const ignored = Gate.parse({ p95LatencyRatio: null, rejectionRatio: null, errorRatio: null });
    expect(judge(ignored, figures({ failed: 300 }), figures({ ok: 300 }), CHANCE).verdict).toBe("good");
  });

  it("lets no chance pass for a fault: for any truth, a harmless canary is found worse more rarely than it may", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 40 }),
        fc.integer({ min: 8, max: 40 }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        (canaryCalls, restCalls, truth) => {
          // Every outcome of both, with its chance: the share of those where the gate cries wolf, exactly.
          const worst = Math.min(1, truth + (gate.errorRatio ?? 0));
          let alarms = 0;
          for (let failed = 0; failed <= canaryCalls; failed++) {
            for (let restFailed = 0; restFailed <= restCalls; restFailed++) {
              const canary = figures({ ok: canaryCalls - failed, failed });
              const rest = figures({ ok: restCalls - restFailed, failed: restFailed });
              if (judge(gate, canary, rest, 0.1).measures[0]?.verdict === "worse")
                alarms += chanceOf(failed, canaryCalls, worst) * chanceOf(restFailed, restCalls, truth);
            }
          }
          expect(alarms).toBeLessThanOrEqual(0.1 / 3);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("grows no milder as more calls fail", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 400 }), fc.nat(399), (calls, failedMax) => {
        const failed = failedMax % calls;
        const rank = ["good", "too_few_calls", "unclear", "worse"];
        const of = (count: number) =>
          rank.indexOf(
            judge(gate, figures({ ok: calls - count, failed: count }), figures({ ok: 500 }), CHANCE).verdict,
          );
        if (of(failed) === 3) expect(of(failed + 1)).toBe(3);
      }),
    );
  });

  it("spends no more than the whole chance, however often it is asked, and says nothing of a chance of nothing", () => {
    let state = { looks: 0, nextLookCalls: 0 };
    let spent = 0;
    for (let calls = 0; calls < 1_000_000; calls += 7) {
      const due = nextLook(state, calls);
      if (due === null) continue;
      spent += due.chance;
      state = due;
    }
    expect(state.looks).toBeGreaterThan(40);
    expect(state.looks).toBeLessThan(80);
    expect(spent).toBeLessThan(0.01);
    expect(judge(gate, figures({ failed: 1_000 }), figures({ ok: 1_000 }), 0).verdict).toBe("unclear");
  });

  it("adds and takes away figures bin by bin", () => {
    const some = fc
      .record({ ok: fc.nat(50), failed: fc.nat(50), refused: fc.nat(50), ms: fc.nat(10_000) })
      .map(figures);
    fc.assert(
      fc.property(some, some, (left, right) => {
        const back = minus(plus(left, right), right);
        expect({ ...back, durations: 0 }).toEqual({ ...left, durations: 0 });
        for (const [bin, calls] of back.durations) expect(calls).toBe(left.durations.get(bin) ?? 0);
      }),
    );
    expect(sumOf([])).toEqual({ ok: 0, failed: 0, refused: 0, durations: new Map() });
  });
});
