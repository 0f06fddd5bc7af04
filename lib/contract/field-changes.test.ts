import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldChanges, pointerSegments } from "./field-changes.ts";

describe("fieldChanges", () => {
  it("names the field, looks into objects, and takes a list as one", () => {
    const before = { name: "a", timeouts: { idleMs: 1 }, rateLimits: [{ limit: 1 }], "a/b": 1 };
    const after = { name: "a", timeouts: { idleMs: 2, totalMs: 3 }, rateLimits: [{ limit: 2 }], "a/b": 2 };
    expect(fieldChanges(before, after)).toEqual([
      { pointer: "/timeouts/idleMs", before: 1, after: 2 },
      { pointer: "/timeouts/totalMs", before: undefined, after: 3 },
      { pointer: "/rateLimits", before: [{ limit: 1 }], after: [{ limit: 2 }] },
      { pointer: "/a~1b", before: 1, after: 2 },
    ]);
    expect(pointerSegments("/a~1b/~0")).toEqual(["a/b", "~"]);
  });

  it("goes by a version's number, wherever it stands in the list", () => {
    const before = { versions: [{ version: "1.0.0", strategy: "weighted" }] };
    const after = {
      versions: [
        { version: "2.0.0", strategy: "priority" },
        { version: "1.0.0", strategy: "round_robin" },
      ],
    };
    expect(fieldChanges(before, after)).toEqual([
      { pointer: "/versions/1.0.0/strategy", before: "weighted", after: "round_robin" },
      { pointer: "/versions/2.0.0", before: undefined, after: { strategy: "priority" } },
    ]);
  });

  it("finds nothing in equal values, whatever the order of their members", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        expect(fieldChanges(plain, reordered(plain))).toEqual([]);
      }),
    );
  });

  it("finds the one member that was changed", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), fc.string(), fc.integer(), (members, name, value) => {
        const before = { ...members, [name]: value };
        const [change, ...others] = fieldChanges(before, { ...before, [name]: value + 1 });
        expect(others).toEqual([]);
        expect(pointerSegments(change?.pointer ?? "")).toEqual([name]);
      }),
    );
  });
});

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reordered(child)]),
  );
}
