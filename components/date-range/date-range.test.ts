import { describe, expect, it } from "vitest";
import {
  fromLocalInput,
  intervalFor,
  presetMs,
  rangePresets,
  rangeProblem,
  resolveRange,
  toLocalInput,
} from "./date-range.ts";

const nowMs = Date.UTC(2026, 10, 24, 12, 4, 9, 333);

describe("resolveRange", () => {
  it("ends with the running interval and keeps its span", () => {
    expect(resolveRange({ kind: "preset", preset: "24h" }, nowMs)).toEqual({
      fromMs: Date.UTC(2026, 10, 23, 13),
      toMs: Date.UTC(2026, 10, 24, 13),
      interval: "hour",
      previous: { fromMs: Date.UTC(2026, 10, 22, 13), toMs: Date.UTC(2026, 10, 23, 13) },
    });
  });

  it("is the same for two moments within one interval and moves with the next", () => {
    const range = { kind: "preset", preset: "15m" } as const;
    expect(resolveRange(range, nowMs)).toEqual(resolveRange(range, nowMs + 40_000));
    expect(resolveRange(range, nowMs)).not.toEqual(resolveRange(range, nowMs + 60_000));
  });

  it("takes a fixed range as it is", () => {
    const resolved = resolveRange({ kind: "fixed", fromMs: 1_000, toMs: 61_000 }, nowMs);
    expect(resolved).toMatchObject({ fromMs: 1_000, toMs: 61_000, previous: { fromMs: -59_000, toMs: 1_000 } });
  });

  it("gives every preset between 6 and 200 points", () => {
    const step = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
    for (const preset of rangePresets) {
      const points = presetMs[preset] / step[intervalFor(presetMs[preset])];
      expect(points, preset).toBeGreaterThanOrEqual(6);
      expect(points, preset).toBeLessThanOrEqual(200);
    }
  });
});

describe("custom moments", () => {
  it("survive the way through a local input", () => {
    const minute = Date.UTC(2026, 10, 24, 12, 4);
    expect(fromLocalInput(toLocalInput(minute))).toBe(minute);
  });

  it("are refused in words", () => {
    expect(fromLocalInput("")).toBeNull();
    expect(rangeProblem(null, 5)).toContain("both");
    expect(rangeProblem(5, 5)).toContain("after");
    expect(rangeProblem(4, 5)).toBeNull();
  });
});
