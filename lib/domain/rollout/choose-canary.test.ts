import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseCanary } from "./choose-canary.ts";

const nodes = (count: number, group: string) =>
  Array.from({ length: count }, (_, place) => ({ id: `nod_${group}_${place}`, group }));

describe("chooseCanary", () => {
  it("takes the share rounded up, leaves somebody to compare with, and chooses the same whoever asks", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 1, max: 99 }),
        fc.nat(1_000),
        (count, percent, revision) => {
          const all = nodes(count, "a");
          const chosen = chooseCanary(all, { revision, percent, groups: [] });
          expect(chosen.canary.length).toBe(Math.min(count - 1, Math.ceil((percent * count) / 100)));
          expect([...chosen.canary, ...chosen.control].toSorted()).toEqual(all.map(({ id }) => id).toSorted());
          expect(chooseCanary(all.toReversed(), { revision, percent, groups: [] })).toEqual(chosen);
        },
      ),
    );
  });

  it("compares within the groups that are named, and with the others when all of them are taken", () => {
    const all = [...nodes(4, "edge"), ...nodes(3, "core")];
    const share = chooseCanary(all, { revision: 5, percent: 50, groups: ["edge"] });
    expect(share.canary).toHaveLength(2);
    expect([...share.canary, ...share.control].every((id) => id.includes("edge"))).toBe(true);
    const whole = chooseCanary(all, { revision: 5, percent: 100, groups: ["edge"] });
    expect(whole.canary).toHaveLength(4);
    expect(whole.control.toSorted()).toEqual(nodes(3, "core").map(({ id }) => id));
  });

  it("spreads the risk over revisions", () => {
    const first = new Set(
      Array.from(
        { length: 40 },
        (_, revision) => chooseCanary(nodes(4, "a"), { revision, percent: 10, groups: [] }).canary[0],
      ),
    );
    expect(first.size).toBe(4);
  });

  it("has nobody to take it, or nobody to compare it with", () => {
    expect(chooseCanary([], { revision: 1, percent: 10, groups: [] })).toEqual({ canary: [], control: [] });
    expect(chooseCanary(nodes(1, "a"), { revision: 1, percent: 10, groups: [] }).control).toEqual([]);
    expect(chooseCanary(nodes(2, "a"), { revision: 1, percent: 100, groups: ["b"] }).canary).toEqual([]);
  });
});
