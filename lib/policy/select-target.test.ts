import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newSelectionState, selectRoundRobin, selectSmoothWeighted, type WeightedTarget } from "./select-target.ts";

const weights = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 });
const toTargets = (all: number[]): WeightedTarget[] => all.map((weight, index) => ({ id: `t${index}`, weight }));

describe("smooth weighted selection", () => {
  it("gives each target exactly its weight in every cycle, and never strays by a whole turn", () => {
    fc.assert(
      fc.property(weights, (all) => {
        const targets = toTargets(all);
        const total = all.reduce((sum, weight) => sum + weight, 0);
        const state = newSelectionState();
        const counts = all.map(() => 0);
        let strayed = 0;
        for (let turn = 1; turn <= total * 3; turn++) {
          const index = selectSmoothWeighted(targets, state, null);
          counts[index] = (counts[index] ?? 0) + 1;
          for (let target = 0; target < all.length; target++) {
            const due = (turn * (all[target] ?? 0)) / total;
            strayed = Math.max(strayed, Math.abs((counts[target] ?? 0) - due));
          }
          if (turn % total === 0) expect(counts).toEqual(all.map((weight) => (weight * turn) / total));
        }
        expect(strayed).toBeLessThanOrEqual(all.length);
        if (total === 0) expect(selectSmoothWeighted(targets, state, null)).toBe(-1);
      }),
    );
  });

  it("spreads 5, 1, 1 as nginx does", () => {
    const state = newSelectionState();
    const targets = toTargets([5, 1, 1]);
    const turns = Array.from({ length: 7 }, () => selectSmoothWeighted(targets, state, null));
    expect(turns).toEqual([0, 0, 1, 0, 2, 0, 0]);
  });
});

describe("round robin", () => {
  it("visits every target in service once before any twice", () => {
    fc.assert(
      fc.property(weights, (all) => {
        const targets = toTargets(all);
        const inService = all.filter((weight) => weight > 0).length;
        const state = newSelectionState();
        const seen = Array.from({ length: inService }, () => selectRoundRobin(targets, state, null));
        expect(new Set(seen).size).toBe(inService);
        if (inService === 0) expect(selectRoundRobin(targets, state, null)).toBe(-1);
      }),
    );
  });

  it.each([selectRoundRobin, selectSmoothWeighted])(
    "skips what was tried already and says so when all were",
    (select) => {
      const targets = toTargets([1, 1, 0]);
      const state = newSelectionState();
      expect(select(targets, state, new Set(["t0"]))).toBe(1);
      expect(select(targets, state, new Set(["t0", "t1"]))).toBe(-1);
    },
  );
});
