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
    const asked = { metric: "requests", limit, windowSeconds, per: "consumer", mode: "enforce" } as const;
    expect(rateLimitWords(asked)).toBe(words);
  });

  it("says whom a limit counts apart where that is not a matter of course, and that it refuses nobody", () => {
    const perKey = { metric: "tokens", limit: 100_000, windowSeconds: 60, per: "key", mode: "shadow" } as const;
    expect(rateLimitWords(perKey)).toBe("100,000 tokens a minute for each key, shadow");
    const perConsumer = { metric: "concurrency", limit: 20, per: "consumer", mode: "enforce" } as const;
    expect(rateLimitWords(perConsumer)).toBe("20 calls at a time");
    expect(rateLimitWords(perConsumer, "route")).toBe("20 calls at a time for each consumer");
    expect(rateLimitWords({ ...perConsumer, per: "upstream" }, "upstream")).toBe("20 calls at a time");
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
