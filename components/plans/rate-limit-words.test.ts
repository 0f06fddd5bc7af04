import { describe, expect, it } from "vitest";
import { rateLimitWords, splitWindow, windowSecondsOf } from "./rate-limit-words.ts";

describe("rateLimitWords", () => {
  it.each([
    [60, 60, "60 requests a minute"],
    [1, 1, "1 request a second"],
    [5_000, 3_600, "5,000 requests an hour"],
    [10, 300, "10 requests every 5 minutes"],
    [7, 90, "7 requests every 90 seconds"],
    [2, 86_400, "2 requests a day"],
  ])("says %d in %d s as %j", (limit, windowSeconds, words) => {
    expect(rateLimitWords({ limit, windowSeconds })).toBe(words);
  });
});

describe("splitWindow", () => {
  it("is undone by windowSecondsOf", () => {
    for (const windowSeconds of [1, 59, 60, 61, 90, 120, 3_600, 5_400, 7_200, 86_399, 86_400]) {
      const { count, unit } = splitWindow(windowSeconds);
      expect(windowSecondsOf(count, unit)).toBe(windowSeconds);
    }
  });
});
