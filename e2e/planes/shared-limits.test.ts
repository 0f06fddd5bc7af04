import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addConsumer, plan, until, upstream } from "#gateway/testing/fixtures.ts";
import { Harness, type RawAnswer } from "#gateway/testing/harness.ts";
import { TestRedis } from "#gateway/testing/redis.ts";
import { completion } from "#gateway/testing/upstream.ts";
import { newSecret, secretHash } from "#lib/contract/api-key-format.ts";
import type { PlanDocument } from "#lib/contract/policy-document.ts";
import { PlanRateLimit, UpstreamRateLimit } from "#lib/contract/rate-limit.ts";

/** Three real nodes on one real Redis. Each has a control plane of its own that says the same. */
const NODES = 3;
const secrets = new Map<string, string>();
let redis: TestRedis;
let harnesses: Harness[] = [];
let plans: PlanDocument[];

const PLANS = {
  burst: [{ metric: "requests", limit: 60, windowSeconds: 86_400 }],
  outage: [{ metric: "requests", limit: 30, windowSeconds: 86_400 }],
  slots: [{ metric: "concurrency", limit: 2 }],
  behind: [{ metric: "tokens", limit: 1_000_000, windowSeconds: 86_400 }],
};

beforeAll(async () => {
  redis = await TestRedis.start();
  // Three nodes, a Redis and their callers share this machine: an answer in time is not what is tested here.
  const options = { sharedStoreUrl: redis.url, sharedStoreDeadlineMs: 300 };
  harnesses = await Promise.all(Array.from({ length: NODES }, () => Harness.start(options)));
  const limited = Object.entries(PLANS).map(([name, limits]) =>
    plan(`pln_${name}`, { rateLimits: PlanRateLimit.array().parse(limits) }),
  );
  plans = [plan("pln_open"), ...limited];
  for (const name of Object.keys(PLANS)) secrets.set(name, newSecret("tp_"));
  for (const harness of harnesses) {
    harness.plane.servingNodes = NODES;
    await harness.publish(harness.document({ plans }));
    for (const [name, secret] of secrets)
      addConsumer(harness.plane, `con_${name}`, { planId: `pln_${name}` }, { sha256: secretHash(secret) });
    const lastSecret = secrets.get("behind") ?? "";
    const isKnown = async () => (await harness.send("/v1/models", null, { "x-api-key": lastSecret })).status === 200;
    await until("the keys are known", isKnown);
    await until("the node counts together", () => harness.plane.reports.at(-1)?.limits?.by === "store");
  }
});
afterAll(async () => {
  await redis.kill();
  await Promise.all(harnesses.map((harness) => harness.stop()));
});

beforeEach(() => {
  for (const harness of harnesses) harness.first.answer = completion;
});

const chat = (harness: Harness, name: string): Promise<RawAnswer> => harness.chat("smart", {}, secrets.get(name) ?? "");

/** Sends so many calls to every node, all at once. */
const flood = (name: string, callsEach: number): Promise<RawAnswer[]> =>
  Promise.all(harnesses.flatMap((harness) => Array.from({ length: callsEach }, () => chat(harness, name))));

async function limitFact(harness: Harness, answer: RawAnswer): Promise<unknown> {
  const { decision } = await harness.event(answer);
  return decision.stages.find(({ stage }) => stage === "limit")?.facts?.counted;
}

async function metric(harness: Harness, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${harness.node.statusPort}/metrics`)).text();
  return Number(new RegExp(`^${name} (.+)$`, "m").exec(text)?.[1]);
}

describe("limits of three nodes", () => {
  it("admit exactly the limit together", async () => {
    const answers = await flood("burst", 50);
    const passed = answers.filter(({ status }) => status === 200);
    expect(passed.length).toBe(60);
    expect(answers.filter(({ status }) => status === 429).length).toBe(90);
    const remaining = passed.map(({ headers }) => Number(headers["x-ratelimit-remaining-requests"]));
    expect(new Set(remaining).size).toBe(60);
    expect(Math.min(...remaining)).toBe(0);
  });

  it("of an upstream hold for all nodes together, and a call that they refuse is charged to nobody", async () => {
    for (const harness of harnesses) {
      const rateLimits = UpstreamRateLimit.array().parse([{ metric: "requests", limit: 12, windowSeconds: 86_400 }]);
      const upstreams = [upstream("ups_1", harness.first.url, { rateLimits }), upstream("ups_2", harness.second.url)];
      await harness.publish(harness.document({ plans, upstreams }));
    }
    const answers = await flood("behind", 10);
    expect(answers.filter(({ status }) => status === 200).length).toBe(12);
    expect(harnesses.reduce((sum, { first }) => sum + first.received.length, 0)).toBe(12 + 60);
    const [first] = harnesses;
    if (first === undefined) throw new Error("unreachable");
    // Twelve calls used 52 tokens each. What refused ones had reserved is back, and the other upstream takes this one.
    const tokens = async () => {
      const { headers } = await first.chat("pair", { max_tokens: 100 }, secrets.get("behind"));
      return Number(headers["x-ratelimit-remaining-tokens"]);
    };
    await until("all is settled", async () => (await tokens()) > 1_000_000 - 12 * 52 - 20 * 200);
    for (const harness of harnesses) await harness.publish(harness.document({ plans }));
  });

  it("share out slots, and free them on whichever node a call ends", async () => {
    const [first, second, third] = harnesses;
    if (first === undefined || second === undefined || third === undefined) throw new Error("unreachable");
    const held: (() => void)[] = [];
    for (const harness of harnesses) {
      harness.first.answer = (response) => {
        held.push(() => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
      };
    }
    const running = [chat(first, "slots"), chat(second, "slots")];
    await until("two calls are under way", () => held.length === 2);
    expect((await chat(third, "slots")).status).toBe(429);
    held.shift()?.();
    await Promise.race(running);
    // The slot is given back after the answer: nobody waits for the store then.
    const ended = chat(third, "slots");
    await until("the third node has the slot", () => held.length === 2);
    for (const end of held) end();
    expect((await Promise.all([...running, ended])).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("are this node's share while the store does not answer, and shared again once it does", async () => {
    const [first] = harnesses;
    if (first === undefined) throw new Error("unreachable");
    expect(await limitFact(first, await chat(first, "outage"))).toBe("in the shared store");
    redis.pause();
    const answers = await flood("outage", 20);
    // Ten for each node, whatever had been counted in the store: at most the whole limit more.
    expect(answers.filter(({ status }) => status === 200).length).toBe(30);
    for (const harness of harnesses) {
      const share = await chat(harness, "outage");
      expect([share.status, await limitFact(harness, share)]).toEqual([429, undefined]);
      const { decision } = await harness.event(share);
      expect(decision.stages.at(-1)?.rule).toContain("counted by this node's share");
      await until("the report says so", () => harness.plane.reports.at(-1)?.limits?.by === "share");
      expect(harness.plane.reports.at(-1)?.limits).toEqual({ by: "share", nodes: NODES });
      expect(await metric(harness, "turnpike_limits_shared")).toBe(0);
      expect(await metric(harness, "turnpike_limits_by_share_total")).toBeGreaterThan(20);
    }
    redis.resume();
    for (const harness of harnesses)
      await until("the node counts together again", () => harness.plane.reports.at(-1)?.limits?.by === "store");
    // What the store counted too late for the calls it was asked about was given back: one call had been counted.
    const back = await chat(first, "outage");
    expect(await limitFact(first, back)).toBe("in the shared store");
    expect(back.headers["x-ratelimit-remaining-requests"]).toBe("28");
  });

  it("go on while the store is dead, without waiting for it", async () => {
    const [first] = harnesses;
    if (first === undefined) throw new Error("unreachable");
    await redis.kill();
    await until("the report says so", () => first.plane.reports.at(-1)?.limits?.by === "share");
    const startedMs = performance.now();
    const answers = [];
    for (let call = 0; call < 10; call++) answers.push(await chat(first, "slots"));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    await redis.restart();
    await until("the node counts together again", () => first.plane.reports.at(-1)?.limits?.by === "store");
  });
});
