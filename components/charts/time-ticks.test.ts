import { describe, expect, it } from "vitest";
import { pointLabel, stepOf, tickLabel, timeTicks } from "./time-ticks.ts";

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 10, 23, 13);
const day = Array.from({ length: 24 }, (_, index) => startMs + index * hourMs);

describe("timeTicks", () => {
  it("labels round hours of the viewer's clock", () => {
    expect(timeTicks(day, 6, 0).map((atMs) => new Date(atMs).getUTCHours())).toEqual([18, 0, 6, 12]);
    expect(timeTicks(day, 6, 3 * hourMs).map((atMs) => (new Date(atMs).getUTCHours() + 3) % 24)).toEqual([
      18, 0, 6, 12,
    ]);
  });

  it("never gives more than asked for, nor anything for nothing", () => {
    for (const count of [1, 2, 4, 9]) expect(timeTicks(day, count, 0).length).toBeLessThanOrEqual(count + 1);
    expect(timeTicks([], 6, 0)).toEqual([]);
    expect(timeTicks([startMs], 6, 0)).toEqual([startMs]);
  });
});

describe("labels", () => {
  it("shorten with the span", () => {
    expect(tickLabel(startMs, 24 * hourMs, "UTC")).toBe("13:00");
    expect(tickLabel(Date.UTC(2026, 10, 24), 24 * hourMs, "UTC")).toBe("24 Nov");
    expect(tickLabel(startMs, 90 * 24 * hourMs, "UTC")).toBe("23 Nov");
    expect(pointLabel(startMs, hourMs, "UTC")).toBe("23 Nov, 13:00");
    expect(pointLabel(startMs, 24 * hourMs, "UTC")).toBe("23 Nov");
  });

  it("knows the interval", () => {
    expect(stepOf(day)).toBe(hourMs);
    expect(stepOf([])).toBe(60_000);
  });
});
