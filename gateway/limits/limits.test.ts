import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addConsumer, plan, until } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { compileLimits } from "#lib/policy/limits/compile-limits.ts";
import { RateLimiter } from "#lib/policy/limits/limiter.ts";
import { limitHeaders, openAiDuration } from "./headers.ts";

describe("openAiDuration", () => {
  it.each([
    [0, "0ms"],
    [120, "120ms"],
    [1_500, "1.5s"],
    [60_000, "1m0s"],
    [360_000, "6m0s"],
    [359_999, "6m0s"],
    [3_661_000, "1h1m1s"],
  ])("writes %i ms as %s", (ms, text) => {
    expect(openAiDuration(ms)).toBe(text);
  });
});

describe("limitHeaders", () => {
  const limit = { limit: 100, windowSeconds: 60, per: "consumer", mode: "enforce" } as const;
  const { limits, limitPolicyHeader } = compileLimits("plan", {
    id: "pln_1",
    name: "one",
    rateLimits: [
      { metric: "requests", ...limit },
      { metric: "tokens", ...limit, limit: 6_000 },
    ],
  });
  const call = { id: "1", consumer: { id: "con_1", teamId: "t" }, apiKey: null, request: { sourceAddress: "" } };
  const ask = (tokens: number) =>
    new RateLimiter().admit({ call, limits, more: [], tokens, isUndoable: false, holds: [] }, 0);

  it("says the same to every family", () => {
    const nowMs = Date.parse("2026-11-24T12:00:00.000Z");
    const list = limitHeaders(ask(600), [limitPolicyHeader, ""], "anthropic", nowMs);
    const headers = Object.fromEntries(list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1]]] : [])));
    expect(headers).toEqual({
      "x-ratelimit-limit-requests": "100",
      "x-ratelimit-remaining-requests": "99",
      "x-ratelimit-reset-requests": "600ms",
      "x-ratelimit-limit-tokens": "6000",
      "x-ratelimit-remaining-tokens": "5400",
      "x-ratelimit-reset-tokens": "6s",
      "anthropic-ratelimit-requests-limit": "100",
      "anthropic-ratelimit-requests-remaining": "99",
      "anthropic-ratelimit-requests-reset": "2026-11-24T12:00:00.600Z",
      "anthropic-ratelimit-tokens-limit": "6000",
      "anthropic-ratelimit-tokens-remaining": "5400",
      "anthropic-ratelimit-tokens-reset": "2026-11-24T12:00:06.000Z",
      "ratelimit-policy": '"requests-60s";q=100;w=60, "tokens-60s";q=6000;qu="tokens";w=60',
      ratelimit: '"requests-60s";r=99;t=1, "tokens-60s";r=5400;t=6',
    });
    expect(limitHeaders(ask(600), [limitPolicyHeader, ""], "openai", nowMs).join()).not.toContain("anthropic");
  });
});

describe("a plan's rate limits", () => {
  let harness: Harness;
  let secret: string;
  const limits = {
    rateLimits: [
      {
        metric: "requests" as const,
        limit: 3,
        windowSeconds: 3_600,
        per: "consumer" as const,
        mode: "enforce" as const,
      },
    ],
  };
  const calls = () => harness.first.received.length;

  beforeAll(async () => {
    harness = await Harness.start();
    await harness.publish(harness.document({ plans: [plan("pln_open"), plan("pln_3", limits)] }));
    secret = addConsumer(harness.plane, "con_3", { planId: "pln_3" });
    await until(
      "the key works",
      async () => (await harness.send("/v1/models", null, { "x-api-key": secret })).status === 200,
    );
  });
  afterAll(() => harness.stop());

  it("let exactly the limit pass, say what remains, and survive a new revision", async () => {
    const passed = await harness.chat("smart", {}, secret);
    expect(passed.headers).toMatchObject({
      "x-ratelimit-limit-requests": "3",
      "x-ratelimit-remaining-requests": "2",
      "ratelimit-policy": '"requests-3600s";q=3;w=3600',
    });
    expect(passed.headers["x-ratelimit-reset-requests"]).toMatch(/^(20m0s|19m59s)$/);
    expect(passed.headers.ratelimit).toMatch(/^"requests-3600s";r=2;t=(1200|1199)$/);
    await harness.publish(harness.document({ plans: [plan("pln_open"), plan("pln_3", limits)] }));
    await harness.send("/v1/models", null, { "x-api-key": secret });
    expect((await harness.chat("nowhere", {}, secret)).status).toBe(404);
    await harness.chat("smart", {}, secret);
    expect((await harness.chat("smart", {}, secret)).headers["x-ratelimit-remaining-requests"]).toBe("0");

    const before = calls();
    const refused = await harness.chat("smart", {}, secret);
    expect([refused.status, JSON.parse(refused.text).error.code]).toEqual([429, "rate_limit_exceeded"]);
    const seconds = Number(refused.headers["retry-after"]);
    expect(seconds).toBeGreaterThan(1_190);
    expect(seconds).toBeLessThanOrEqual(1_200);
    expect(Math.ceil(Number(refused.headers["retry-after-ms"]) / 1_000)).toBe(seconds);
    expect(refused.headers["x-ratelimit-remaining-requests"]).toBe("0");
    expect(calls()).toBe(before);
    expect(await harness.event(refused)).toMatchObject({ status: 429, outcome: "denied", consumerId: "con_3" });
  });
});
