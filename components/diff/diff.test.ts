import { describe, expect, it } from "vitest";
import { describeValue, diffFields } from "./diff-fields.ts";
import { type DiffLine, diffLines } from "./diff-lines.ts";

describe("diffFields", () => {
  it("finds changed, added and removed leaves by path", () => {
    const before = { name: "smart", targets: [{ model: "a", weight: 1 }], cache: { ttlSeconds: 300 } };
    const after = { name: "smart", targets: [{ model: "a", weight: 3 }, { model: "b" }], note: "x" };
    expect(diffFields(before, after)).toEqual([
      { path: "targets[0].weight", before: 1, after: 3 },
      { path: "cache.ttlSeconds", before: 300, after: undefined },
      { path: "targets[1].model", before: undefined, after: "b" },
      { path: "note", before: undefined, after: "x" },
    ]);
  });

  it("treats a created thing as added leaves and equal things as no change", () => {
    expect(diffFields(null, { name: "smart" })).toEqual([{ path: "name", before: undefined, after: "smart" }]);
    expect(diffFields({ a: [] }, { a: [] })).toEqual([]);
    expect(diffFields({ a: [] }, { a: {} })).toHaveLength(1);
  });

  it("writes values as words", () => {
    expect([undefined, "x", 3, false, []].map(describeValue)).toEqual([
      "nothing",
      "“x”",
      "3",
      "false",
      "an empty list",
    ]);
  });
});

describe("diffLines", () => {
  const sign: Record<DiffLine["kind"], string> = { same: " ", removed: "-", added: "+" };
  const render = (before: string, after: string) => diffLines(before, after).map((line) => sign[line.kind] + line.text);

  it("keeps common lines and orders removals before additions", () => {
    expect(render("a\nb\nc\nd", "a\nx\nc\ny\nd")).toEqual([" a", "-b", "+x", " c", "+y", " d"]);
  });

  it("handles an empty side", () => {
    expect(render("", "a\nb")).toEqual(["+a", "+b"]);
    expect(render("a", "")).toEqual(["-a"]);
    expect(render("", "")).toEqual([]);
  });

  it("rebuilds both sides from the lines", () => {
    const before = Array.from({ length: 60 }, (_, index) => `line ${(index * 7) % 13}`).join("\n");
    const after = Array.from({ length: 55 }, (_, index) => `line ${(index * 5) % 11}`).join("\n");
    const lines = diffLines(before, after);
    const side = (kind: "removed" | "added") =>
      lines.filter((line) => line.kind === "same" || line.kind === kind).map((line) => line.text);
    expect(side("removed").join("\n")).toBe(before);
    expect(side("added").join("\n")).toBe(after);
  });

  it("shows a huge change whole instead of taking minutes", () => {
    const side = (mark: string) => Array.from({ length: 3_000 }, (_, index) => `${mark}${index}`).join("\n");
    expect(diffLines(side("a"), side("b"))).toHaveLength(6_000);
  });
});
