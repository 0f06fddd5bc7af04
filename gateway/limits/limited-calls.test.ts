import { request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addConsumer, plan, route, target, until, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { completion, status, streamEvent } from "#gateway/testing/upstream.ts";
import { PlanRateLimit, RouteRateLimit, UpstreamRateLimit } from "#lib/contract/rate-limit.ts";

/** Rate limits as the node enforces them, through its own door. A completion uses 52 tokens. */
let harness: Harness;
let consumers = 0;

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());
beforeEach(() => {
  for (const each of [harness.first, harness.second]) {
    each.answer = completion;
    each.received.length = 0;
  }
});

const code = (text: string): unknown => JSON.parse(text).error.code;

/** A consumer of its own under a plan with these limits, and its key. */
async function consumerWith(limits: unknown[], more: Parameters<Harness["document"]>[0] = {}): Promise<string> {
  consumers += 1;
  const id = `con_limited_${consumers}`;
  const planId = `pln_limited_${consumers}`;
  const limited = plan(planId, { rateLimits: PlanRateLimit.array().parse(limits) });
  await harness.publish(harness.document({ plans: [plan("pln_open"), limited], ...more }));
  const secret = addConsumer(harness.plane, id, { planId });
  const known = async () => (await harness.send("/v1/models", null, { "x-api-key": secret })).status === 200;
  await until("the key works", known);
  return secret;
}

describe("a limit of tokens", () => {
  it("reserves what a call may use, settles to what it used, and shows both", async () => {
    const secret = await consumerWith([{ metric: "tokens", limit: 1_000, windowSeconds: 86_400 }]);
    const first = await harness.chat("smart", { max_tokens: 200 }, secret);
    expect(first.headers["x-ratelimit-limit-tokens"]).toBe("1000");
    // The body's 88 bytes are 22 tokens, and 200 more may come back.
    expect(first.headers["x-ratelimit-remaining-tokens"]).toBe("778");
    expect(first.headers["ratelimit-policy"]).toBe('"tokens-86400s";q=1000;qu="tokens";w=86400');
    expect(first.headers.ratelimit).toMatch(/^"tokens-86400s";r=778;t=\d+$/);
    const second = await harness.chat("smart", { max_tokens: 200 }, secret);
    expect(second.headers["x-ratelimit-remaining-tokens"]).toBe("726");
    const refused = await harness.chat("smart", { max_tokens: 900 }, secret);
    expect([refused.status, code(refused.text)]).toEqual([429, "rate_limit_exceeded"]);
    const event = await harness.event(second);
    const stage = event.decision.stages.find((each) => each.stage === "limit");
    expect(stage?.facts).toEqual({ remainingTokens: 726 });
  });

  it("gives back what a failed call had reserved", async () => {
    const secret = await consumerWith([{ metric: "tokens", limit: 1_000, windowSeconds: 86_400 }]);
    harness.first.answer = status(400, '{"error":{"message":"no"}}');
    expect((await harness.chat("smart", { max_tokens: 900 }, secret)).status).toBe(400);
    harness.first.answer = completion;
    expect((await harness.chat("smart", { max_tokens: 900 }, secret)).status).toBe(200);
  });
});

describe("a limit of calls at a time", () => {
  /** Opens a stream that the upstream does not end, and what breaks it off. */
  function openStream(secret: string): { begun: Promise<number>; abort: () => void } {
    const outgoing = request(`${harness.origin}/v1/chat/completions`, {
      method: "POST",
      agent: false,
      headers: { authorization: `Bearer ${secret}` },
    });
    const begun = new Promise<number>((resolve, reject) => {
      outgoing.on("response", (incoming) => {
        incoming.on("error", () => {});
        incoming.once("data", () => resolve(incoming.statusCode ?? 0));
      });
      outgoing.on("error", reject);
    });
    outgoing.end(JSON.stringify({ model: "smart", stream: true, messages: [] }));
    return { begun, abort: () => outgoing.destroy() };
  }

  it("is held by a stream to its end, and is free again when the caller goes", async () => {
    const secret = await consumerWith([{ metric: "concurrency", limit: 1 }]);
    harness.first.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(streamEvent("word"));
    };
    const stream = openStream(secret);
    expect(await stream.begun).toBe(200);
    const refused = await harness.chat("smart", {}, secret);
    expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "1"]);
    expect(refused.headers["x-ratelimit-limit-requests"]).toBeUndefined();
    stream.abort();
    harness.first.answer = completion;
    await until("the slot is free", async () => (await harness.chat("smart", {}, secret)).status === 200);
  });

  it("is free again after every way a call can end", async () => {
    const secret = await consumerWith([{ metric: "concurrency", limit: 1 }]);
    const ends = [completion, status(500), status(400), (response: { destroy(): void }) => response.destroy()];
    for (const answer of [...ends, ...ends]) {
      harness.first.answer = answer;
      expect((await harness.chat("smart", {}, secret)).status).not.toBe(429);
    }
    expect((await harness.chat("nowhere", {}, secret)).status).toBe(404);
    harness.first.answer = completion;
    expect((await harness.chat("smart", {}, secret)).status).toBe(200);
  });
});

describe("a route's limit", () => {
  it("holds for all callers together, and for all or none with the plan's", async () => {
    const rateLimits = RouteRateLimit.array().parse([{ metric: "requests", limit: 2, windowSeconds: 3_600 }]);
    const routes = [{ ...route("shared", [version([target("ups_1")])]), rateLimits }];
    const planLimit = [{ metric: "requests", limit: 10, windowSeconds: 3_600 }];
    const secret = await consumerWith(planLimit, { routes });
    await consumerWith([]);
    const mine = await consumerWith(planLimit, { routes });
    expect((await harness.chat("shared", {}, mine)).headers["ratelimit-policy"]).toBe(
      '"requests-3600s";q=10;w=3600, "requests-3600s-route";q=2;w=3600',
    );
    expect((await harness.chat("shared", {}, mine)).headers["x-ratelimit-remaining-requests"]).toBe("0");
    const refused = await harness.chat("shared", {}, mine);
    expect([refused.status, (await harness.event(refused)).decision.stages.at(-1)?.rule]).toEqual([
      429,
      "route shared: 2 requests in 3600 s",
    ]);
    expect((await harness.chat("smart", {}, secret)).status).toBe(403);
  });
});

describe("an upstream's limit", () => {
  const limited = (limit: object) => {
    const rateLimits = UpstreamRateLimit.array().parse([limit]);
    return [upstream("ups_1", harness.first.url, { rateLimits }), upstream("ups_2", harness.second.url)];
  };

  it("sends calls to the other target once it is used up, and charges nobody for a call it refuses", async () => {
    const upstreams = limited({ metric: "requests", limit: 2, windowSeconds: 3_600 });
    const secret = await consumerWith([{ metric: "requests", limit: 20, windowSeconds: 3_600 }], { upstreams });
    for (let call = 0; call < 8; call++) expect((await harness.chat("pair", {}, secret)).status).toBe(200);
    expect([harness.first.received.length, harness.second.received.length]).toEqual([2, 6]);
    const refused = await harness.chat("smart", {}, secret);
    expect([refused.status, code(refused.text)]).toEqual([429, "rate_limit_exceeded"]);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(1_700);
    expect(harness.first.received.length).toBe(2);
    // Nine calls, of which one was refused: eight were charged.
    const ninth = await harness.chat("pair", {}, secret);
    expect(ninth.headers["x-ratelimit-remaining-requests"]).toBe("11");
    const event = await harness.event(ninth);
    expect(event.decision.candidates.map(({ reason }) => reason)).toContain("the upstream's own rate limit is reached");
  });

  it("of calls at a time gives the slot of a failed attempt back before the next", async () => {
    const upstreams = limited({ metric: "concurrency", limit: 1 });
    const secret = await consumerWith([], { upstreams });
    harness.first.answer = status(500);
    expect((await harness.chat("smart", {}, secret)).status).toBe(502);
    expect(harness.first.received.length).toBe(2);
    harness.first.answer = completion;
    expect((await harness.chat("smart", {}, secret)).status).toBe(200);
  });
});

describe("a shadow limit", () => {
  it("refuses nobody and notes on the call that it would have", async () => {
    const secret = await consumerWith([{ metric: "requests", limit: 1, windowSeconds: 3_600, mode: "shadow" }]);
    const first = await harness.chat("smart", {}, secret);
    const second = await harness.chat("smart", {}, secret);
    expect([first.status, second.status, second.headers["ratelimit-policy"]]).toEqual([200, 200, undefined]);
    const facts = async (answer: typeof first) =>
      (await harness.event(answer)).decision.stages.find((stage) => stage.stage === "limit")?.facts;
    expect(await facts(first)).toEqual({});
    expect(await facts(second)).toEqual({ shadow: expect.stringContaining("1 request in 3600 s for each consumer") });
  });
});
