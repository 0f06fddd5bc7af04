import { describe, expect, it } from "vitest";
import { compileLife, lifeAt } from "./version-life.ts";

const at = (time: string): number => Date.parse(time);
const brownouts = [
  { startsAt: "2026-01-01T10:00:00Z", durationSeconds: 60 },
  { startsAt: "2026-01-01T10:00:30Z", durationSeconds: 90 },
];
const deprecated = compileLife({ status: "deprecated", sunsetAt: "2026-02-01T00:00:00Z", brownouts });

describe("a version's life", () => {
  it.each([
    ["2026-01-01T09:59:59.999Z", { kind: "alive" }],
    ["2026-01-01T10:00:00Z", { kind: "brownout", untilMs: at("2026-01-01T10:01:00Z") }],
    ["2026-01-01T10:00:45Z", { kind: "brownout", untilMs: at("2026-01-01T10:02:00Z") }],
    ["2026-01-01T10:02:00Z", { kind: "alive" }],
    ["2026-01-31T23:59:59.999Z", { kind: "alive" }],
    ["2026-02-01T00:00:00Z", { kind: "retired", sinceMs: at("2026-02-01T00:00:00Z") }],
  ])("at %s", (time, expected) => {
    expect(lifeAt(deprecated, at(time))).toEqual(expected);
  });

  it("has no brown-outs and no sunset while it is active, and none after it is retired", () => {
    const active = compileLife({ status: "active", sunsetAt: "2026-02-01T00:00:00Z", brownouts });
    expect(lifeAt(active, at("2026-03-01T00:00:00Z"))).toEqual({ kind: "alive" });
    expect(lifeAt(active, at("2026-01-01T10:00:00Z"))).toEqual({ kind: "alive" });
    expect(lifeAt(compileLife({ status: "retired", sunsetAt: null, brownouts }), 0).kind).toBe("retired");
  });
});
