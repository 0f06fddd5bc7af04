import { describe, expect, it } from "vitest";
import { callersOf, callersWords } from "./version-callers.ts";

const figures = {
  errors: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  cost: "0.00",
  unpricedRequests: 0,
  cacheHits: 0,
  durationMs: { p50: null, p95: null, p99: null, avg: null },
  firstByteMs: { p50: null, p95: null, p99: null, avg: null },
};
const group = (routeVersion: string, consumer: { id: string; name: string | null } | null, requests: number) => ({
  ...figures,
  requests,
  group: { key: `${routeVersion} ${consumer?.id}`, label: "", routeVersion, consumer },
});

describe("callersOf", () => {
  it("keeps the version's own callers, the busiest first", () => {
    const groups = [
      group("1.0.0", { id: "a", name: "shop" }, 3),
      group("2.0.0", { id: "a", name: "shop" }, 90),
      group("1.0.0", { id: "b", name: null }, 7),
      group("1.0.0", null, 50),
    ];
    expect(callersOf(groups, "1.0.0")).toEqual([
      { id: "b", name: "b", calls: 7 },
      { id: "a", name: "shop", calls: 3 },
    ]);
  });
});

describe("callersWords", () => {
  it("names three and counts the rest", () => {
    const callers = ["a", "b", "c", "d"].map((name) => ({ id: name, name, calls: 1 }));
    expect(callersWords(callers)).toBe("4 consumers called it in the last 24 hours: a, b, c and 1 more.");
    expect(callersWords([])).toContain("Nobody");
  });
});
