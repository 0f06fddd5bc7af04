import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MergeField, mergedValues, mergeFields } from "./merge-values.ts";

const suggestions = (fields: readonly MergeField[]) =>
  fields.map(({ path, suggested }) => [path.join("."), suggested] as const);
const merged = (yours: unknown, fields: readonly MergeField[]) =>
  mergedValues(yours, fields, ({ suggested }) => suggested ?? "yours");

describe("mergeFields", () => {
  it("keeps what one side changed, and asks only where both did", () => {
    const base = { name: "a", retry: { attempts: 2, on: ["reset"] }, routes: ["x"], note: "" };
    const theirs = { name: "b", retry: { attempts: 3, on: ["reset"] }, routes: ["x", "y"], note: "same" };
    const yours = { name: "c", retry: { attempts: 2, on: ["timeout"] }, routes: ["x"], note: "same" };
    const fields = mergeFields(base, theirs, yours);
    expect(suggestions(fields)).toEqual([
      ["name", null],
      ["retry.attempts", "theirs"],
      ["retry.on.0", "yours"],
      ["routes", "theirs"],
      ["note", "theirs"],
    ]);
    expect(merged(yours, fields)).toEqual({
      name: "c",
      retry: { attempts: 3, on: ["timeout"] },
      routes: ["x", "y"],
      note: "same",
    });
    expect(mergedValues(yours, fields, () => "base")).toEqual(base);
  });

  it("pairs rows by their places only while none was added, removed or moved", () => {
    const row = (model: string, weight: number) => ({ model, weight });
    const base = [row("a", 1), row("b", 1)];
    expect(suggestions(mergeFields(base, [row("a", 2), row("b", 1)], [row("a", 1), row("b", 3)]))).toEqual([
      ["0.weight", "theirs"],
      ["1.weight", "yours"],
    ]);
    const swapped = mergeFields(base, [row("b", 1), row("a", 1)], [row("a", 5), row("b", 1)]);
    expect(suggestions(swapped)).toEqual([["", null]]);
    expect(suggestions(mergeFields(base, [row("a", 1)], base))).toEqual([["", "theirs"]]);
  });

  it("says nothing of values that differ in the order of their members only", () => {
    expect(mergeFields({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, { a: { x: 1, y: 2 } })).toEqual([]);
  });

  const values = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 3 }),
    fc.oneof(fc.integer(), fc.string(), fc.array(fc.record({ id: fc.integer(), on: fc.boolean() }), { maxLength: 3 })),
    { maxKeys: 4 },
  );

  it("is all of theirs where nothing was typed, all of yours where they changed nothing, and any side on demand", () => {
    fc.assert(
      fc.property(values, values, (base, other) => {
        expect(merged(base, mergeFields(base, other, base))).toEqual(other);
        expect(merged(other, mergeFields(base, base, other))).toEqual(other);
      }),
    );
    fc.assert(
      fc.property(values, values, values, (base, theirs, yours) => {
        const fields = mergeFields(base, theirs, yours);
        expect(mergedValues(yours, fields, () => "theirs")).toEqual(theirs);
        expect(mergedValues(yours, fields, () => "yours")).toEqual(yours);
        expect(mergedValues(yours, fields, () => "base")).toEqual(base);
      }),
    );
  });
});
