import { describe, expect, it } from "vitest";
import { UsageView } from "#lib/domain/usage/schemas.ts";
import { splitSeries } from "./usage-points.ts";

const latency = { p50: 10, p95: 20, p99: 30, avg: 12 };
const figures = (requests: number) => ({
  requests,
  errors: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  cost: String(requests),
  unpricedRequests: 0,
  cacheHits: 0,
  durationMs: latency,
  firstByteMs: latency,
});
const groups = Array.from({ length: 8 }, (_, place) => ({
  key: `g${place}`,
  label: `group ${place}`,
  route: `r${place}`,
}));
const other = { key: "other", label: "Other" };
const hour = (at: number) => new Date(Date.parse("2026-11-20T00:00:00Z") + at * 3_600_000).toISOString();

const usage = UsageView.parse({
  from: hour(0),
  to: hour(3),
  interval: "hour",
  series: [
    ...groups.map((group, place) => ({ bucket: hour(0), group, ...figures(10 - place) })),
    { bucket: hour(2), group: other, ...figures(4) },
  ],
  groups: [...groups.map((group, place) => ({ group, ...figures(10 - place) })), { group: other, ...figures(4) }],
  totals: figures(100),
});

describe("splitSeries", () => {
  it("draws six groups and adds up all others, so that each bucket's stack is its whole", () => {
    const { series, points } = splitSeries(usage, "route", "requests");
    expect(series.map(({ key }) => key)).toEqual(["g0", "g1", "g2", "g3", "g4", "g5", "rest"]);
    const stack = (place: number) =>
      Object.values(points[place]?.values ?? {}).reduce<number>((sum, value) => sum + (value ?? 0), 0);
    expect([stack(0), stack(1), stack(2)]).toEqual([52, 0, 4]);
  });

  it("leaves gaps, and no sum of all others, in percentiles", () => {
    const { series, points } = splitSeries(usage, "route", "latency");
    expect(series.map(({ key }) => key)).toEqual(["g0", "g1", "g2", "g3", "g4", "g5"]);
    expect(points.map(({ values }) => values.g0)).toEqual([20, undefined, undefined]);
  });
});
