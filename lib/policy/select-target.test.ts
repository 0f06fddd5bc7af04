import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StrategyKind } from "../contract/policy-document.ts";
import { hashOf } from "./select-by-hash.ts";
import { type Candidate, newSelectionState, selectTarget } from "./select-target.ts";

const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });

function candidate(index: number, more: Partial<Candidate> = {}): Candidate {
  return {
    id: `t${index}`,
    weight: 1,
    priority: 0,
    inFlight: 0,
    latencyMs: 0,
    hash: hashOf(`target ${index}`),
    ...more,
  };
}
const weighted = (all: readonly number[]): Candidate[] => all.map((weight, index) => candidate(index, { weight }));

/** Evenly spread numbers that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
const options = (more: Partial<{ isTurn: boolean; keyHash: number; random: () => number }> = {}) => ({
  isTurn: true,
  keyHash: 0,
  random: Math.random,
  ...more,
});

/** How often each of the candidates is chosen. */
function counts(strategy: StrategyKind, candidates: Candidate[], turns: number, keys?: readonly string[]): number[] {
  const state = newSelectionState();
  const chosen = candidates.map(() => 0);
  const random = seeded(7);
  for (let turn = 0; turn < turns; turn++) {
    const keyHash = hashOf(keys?.[turn % keys.length] ?? "");
    const index = selectTarget(strategy, candidates, state, options({ random, keyHash }));
    chosen[index] = (chosen[index] ?? 0) + 1;
  }
  return chosen;
}

describe("every strategy", () => {
  it.each(StrategyKind.options)("%s chooses one of the candidates, and says so when there are none", (strategy) => {
    fc.assert(
      fc.property(weights, fc.integer(), fc.array(fc.nat(5), { minLength: 8, maxLength: 8 }), (all, keyHash, loads) => {
        const candidates = all.map((weight, index) =>
          candidate(index, { weight, inFlight: loads[index] ?? 0, priority: loads[7 - index] ?? 0, latencyMs: index }),
        );
        const index = selectTarget(strategy, candidates, newSelectionState(), options({ keyHash }));
        expect(candidates[index]).toBeDefined();
      }),
    );
    expect(selectTarget(strategy, [], newSelectionState(), options())).toBe(-1);
  });
});

describe("smooth weighted selection", () => {
  it("gives each target exactly its weight in every cycle, and never strays by a whole turn", () => {
    fc.assert(
      fc.property(weights, (all) => {
        const candidates = weighted(all);
        const total = all.reduce((sum, weight) => sum + weight, 0);
        const state = newSelectionState();
        const chosen = all.map(() => 0);
        let strayed = 0;
        for (let turn = 1; turn <= total * 3; turn++) {
          const index = selectTarget("weighted", candidates, state, options());
          chosen[index] = (chosen[index] ?? 0) + 1;
          for (let target = 0; target < all.length; target++) {
            const due = (turn * (all[target] ?? 0)) / total;
            strayed = Math.max(strayed, Math.abs((chosen[target] ?? 0) - due));
          }
          if (turn % total === 0) expect(chosen).toEqual(all.map((weight) => (weight * turn) / total));
        }
        expect(strayed).toBeLessThanOrEqual(all.length);
      }),
    );
  });

  it("spreads 5, 1, 1 as nginx does", () => {
    const state = newSelectionState();
    const candidates = weighted([5, 1, 1]);
    const turns = Array.from({ length: 7 }, () => selectTarget("weighted", candidates, state, options()));
    expect(turns).toEqual([0, 0, 1, 0, 2, 0, 0]);
  });
});

describe("round robin", () => {
  it("visits every target once before any twice, whoever comes and goes", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(6), { minLength: 1, maxLength: 7 }), { maxLength: 40 }), (rounds) => {
        const state = newSelectionState();
        const last = new Map<string, number>();
        for (const [turn, present] of rounds.entries()) {
          const candidates = [...new Set(present)].sort().map((index) => candidate(index));
          const chosen = candidates[selectTarget("round_robin", candidates, state, options())];
          const longest = Math.min(...candidates.map(({ id }) => last.get(id) ?? -1));
          expect(last.get(chosen?.id ?? "") ?? -1).toBe(longest);
          last.set(chosen?.id ?? "", turn);
        }
      }),
    );
  });

  it("takes no turn for a further choice of the same call", () => {
    const state = newSelectionState();
    const candidates = weighted([1, 1, 1]);
    for (const strategy of ["round_robin", "weighted"] as const) {
      const first = selectTarget(strategy, candidates, state, options({ isTurn: false }));
      expect(selectTarget(strategy, candidates, state, options({ isTurn: false }))).toBe(first);
    }
  });
});

describe("priority", () => {
  it("chooses in the first tier alone, by weight", () => {
    const tiers = [
      candidate(0, { priority: 5 }),
      candidate(1, { priority: 2, weight: 3 }),
      candidate(2, { priority: 2 }),
    ];
    expect(counts("priority", tiers, 40)).toEqual([0, 30, 10]);
    expect(counts("priority", tiers.slice(0, 1), 3)).toEqual([3]);
  });
});

describe("least connections", () => {
  it("chooses no target that has more calls under way for its weight than another", () => {
    const loads = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(30)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(loads, fc.integer(), (all, seed) => {
        const candidates = all.map(([weight, inFlight], index) => candidate(index, { weight, inFlight }));
        const index = selectTarget(
          "least_connections",
          candidates,
          newSelectionState(),
          options({ random: seeded(seed) }),
        );
        const ratios = candidates.map((each) => each.inFlight / each.weight);
        expect(ratios[index]).toBe(Math.min(...ratios));
      }),
    );
  });

  it("spreads equals by weight", () => {
    const [light = 0, heavy = 0] = counts("least_connections", weighted([1, 3]), 4_000);
    expect(heavy / light).toBeGreaterThan(2.6);
    expect(heavy / light).toBeLessThan(3.4);
  });
});

describe("lowest latency", () => {
  it("takes the better of two, and never the worst of three", () => {
    const candidates = [
      candidate(0, { latencyMs: 100 }),
      candidate(1, { latencyMs: 300 }),
      candidate(2, { latencyMs: 200, inFlight: 4 }),
    ];
    expect(counts("lowest_latency", candidates.slice(0, 2), 100)).toEqual([100, 0]);
    const [best = 0, middle = 0, worst = 0] = counts("lowest_latency", candidates, 3_000);
    expect(worst).toBe(0);
    expect(best).toBeGreaterThan(middle);
    expect(middle).toBeGreaterThan(0);
  });

  it("tries what nothing is known of, but not with all calls at once", () => {
    const known = candidate(0, { latencyMs: 50 });
    expect(counts("lowest_latency", [known, candidate(1)], 10)).toEqual([0, 10]);
    expect(counts("lowest_latency", [known, candidate(1, { inFlight: 1 })], 10)).toEqual([10, 0]);
  });
});

describe("consistent hash", () => {
  const keys = Array.from({ length: 4_000 }, (_, index) => `user-${index}`);
  const placed = (candidates: Candidate[]): string[] =>
    keys.map((key) => {
      const index = selectTarget("consistent_hash", candidates, newSelectionState(), options({ keyHash: hashOf(key) }));
      return candidates[index]?.id ?? "";
    });

  it("gives targets their share of keys", () => {
    const all = [1, 2, 4, 1];
    const shares = counts("consistent_hash", weighted(all), keys.length, keys);
    for (const [index, share] of shares.entries()) {
      const due = (keys.length * (all[index] ?? 0)) / 8;
      expect(Math.abs(share - due)).toBeLessThan(due * 0.2);
    }
  });

  it("moves only the keys of a target that goes, and only to one that comes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.nat(7), (count, gone) => {
        const candidates = Array.from({ length: count }, (_, index) => candidate(index));
        const left = candidates.filter((_, index) => index !== gone % count);
        const goneId = `t${gone % count}`;
        const before = placed(candidates);
        const after = placed(left);
        for (let key = 0; key < keys.length; key++) {
          if (before[key] !== goneId) expect(after[key]).toBe(before[key]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("moves keys to a target whose weight grows, and no others", () => {
    const before = placed(weighted([1, 1, 1]));
    const after = placed(weighted([1, 2, 1]));
    for (let key = 0; key < keys.length; key++) if (before[key] !== after[key]) expect(after[key]).toBe("t1");
  });
});
