import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SharedLimiter } from "#gateway/limits/shared-limiter.ts";
import { SharedStore } from "#gateway/shared/shared-store.ts";
import { until } from "#gateway/testing/fixtures.ts";
import { TestRedis } from "#gateway/testing/redis.ts";
import { PlanRateLimit } from "#lib/contract/rate-limit.ts";
import type { CompiledLimit } from "#lib/policy/limits/compile-limits.ts";
import { compileLimits } from "#lib/policy/limits/compile-limits.ts";
import type { Hold } from "#lib/policy/limits/hold.ts";
import type { LimitQuestion } from "#lib/policy/limits/limiter.ts";

let redis: TestRedis;
let plain: Redis;
let limiter: SharedLimiter;
let store: SharedStore;
let calls = 0;

beforeAll(async () => {
  redis = await TestRedis.start();
  plain = new Redis(redis.url);
  store = new SharedStore({ url: redis.url, onAway() {}, onBack() {} });
  limiter = new SharedLimiter(store);
  await until("the store is up", () => store.isUp);
});
afterAll(async () => {
  limiter.close();
  plain.disconnect();
  await redis.kill();
});
afterEach(() => plain.flushall());

const limitsOf = (...limits: unknown[]): readonly CompiledLimit[] =>
  compileLimits("plan", { id: "pln_1", name: "one", rateLimits: PlanRateLimit.array().parse(limits) }).limits;

function question(limits: readonly CompiledLimit[], more: Partial<LimitQuestion> = {}): LimitQuestion {
  calls += 1;
  const call = {
    id: `call_${calls}`,
    consumer: { id: "con_1", teamId: "team_1" },
    apiKey: { id: "key_1" },
    request: { sourceAddress: "192.0.2.1" },
  };
  return { call, limits, more: [], tokens: 0, isUndoable: false, holds: [], ...more };
}

async function ask(asked: LimitQuestion) {
  const verdict = await limiter.admit(asked);
  if (verdict === null) throw new Error("the store did not answer in time");
  return verdict;
}

describe("SharedLimiter", () => {
  const long = { metric: "requests", limit: 3, windowSeconds: 86_400 };

  it("charges all limits or none, in one round trip", async () => {
    const [few, many] = [limitsOf(long), limitsOf({ ...long, limit: 10 })];
    const both = () => ask(question(many, { more: few }));
    const refusals = [];
    for (let call = 0; call < 5; call++) refusals.push((await both()).refusedBy?.limit ?? null);
    expect(refusals).toEqual([null, null, null, 3, 3]);
    const alone = await ask(question(many));
    expect([alone.requests.remaining, alone.countedBy]).toEqual([6, "store"]);
    expect((await ask(question(few))).retryMs).toBeGreaterThan(28_799_000);
  });

  it("settles tokens to what was used, and makes what was used beyond it a debt", async () => {
    const limits = limitsOf({ metric: "tokens", limit: 1_000, windowSeconds: 86_400 });
    const holds: Hold[] = [];
    expect((await ask(question(limits, { tokens: 900, holds }))).tokens.remaining).toBe(100);
    limiter.settle(holds.splice(0), 300);
    expect((await ask(question(limits, { tokens: 100, holds }))).tokens.remaining).toBe(600);
    limiter.settle(holds.splice(0), 3_000);
    const refused = await ask(question(limits, { tokens: 1 }));
    expect([refused.refusedBy?.metric, refused.tokens.remaining]).toEqual(["tokens", 0]);
    expect(refused.retryMs).toBeGreaterThan(2_200 * 86_399);
  });

  it("undoes a call as if it had never been", async () => {
    const limits = limitsOf(
      long,
      { metric: "tokens", limit: 50, windowSeconds: 86_400 },
      { metric: "concurrency", limit: 1 },
    );
    for (let round = 0; round < 5; round++) {
      const asked = question(limits, { tokens: 50, isUndoable: true });
      expect((await ask(asked)).refusedBy).toBeNull();
      expect(asked.holds.length).toBe(3);
      limiter.settle(asked.holds, "undo");
    }
    await ask(question(limits));
    expect(await plain.keys("*limit*")).toHaveLength(2);
  });

  it("gives the slots of a dead node back when its leases end", async () => {
    const limits = limitsOf({ metric: "concurrency", limit: 2 });
    await ask(question(limits));
    await ask(question(limits));
    expect((await ask(question(limits))).refusedBy?.metric).toBe("concurrency");
    const [key] = await plain.keys("*limit*");
    expect(await plain.pttl(key ?? "")).toBeGreaterThan(25_000);
    // Nobody renews them: as if half a minute had passed.
    for (const member of await plain.zrange(key ?? "", "0", "-1")) await plain.zadd(key ?? "", "1", member);
    expect((await ask(question(limits))).refusedBy).toBeNull();
  });

  it("holds exactly as many slots as there are calls under way", async () => {
    const steps = fc.array(fc.record({ isStart: fc.boolean(), pick: fc.nat(20) }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), steps, async (limit, list) => {
        await plain.flushall();
        const limits = limitsOf({ metric: "concurrency", limit });
        const running: Hold[][] = [];
        for (const { isStart, pick } of list) {
          if (isStart) {
            const asked = question(limits);
            const isAdmitted = (await ask(asked)).refusedBy === null;
            expect(isAdmitted).toBe(running.length < limit);
            if (isAdmitted) running.push(asked.holds);
          } else for (const holds of running.splice(pick % Math.max(1, running.length), 1)) limiter.settle(holds, 0);
        }
        for (const holds of running) limiter.settle(holds, 0);
        await ask(question(limitsOf(long)));
        expect((await plain.keys("*concurrency*")).length).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("works again after the server has forgotten its scripts", async () => {
    await plain.script("FLUSH");
    expect((await ask(question(limitsOf(long)))).refusedBy).toBeNull();
  });
});

describe("SharedStore", () => {
  it("counts as away while it cannot be written to, and says so once", async () => {
    const said: string[] = [];
    const own = await TestRedis.start();
    const control = new Redis(own.url);
    const watched = new SharedStore({
      url: own.url,
      deadlineMs: 1_000,
      onAway: () => said.push("away"),
      onBack: () => said.push("back"),
    });
    const question = () =>
      watched.ask(
        (connection) => connection.set("key", "1"),
        () => {},
      );
    await until("it is up", () => watched.isUp);
    await control.replicaof("127.0.0.1", "1");
    for (let time = 0; time < 3; time++) expect(await question()).toBeNull();
    expect([watched.isUp, await question()]).toEqual([false, null]);
    const refusals = async () => Number(/total_error_replies:(\d+)/.exec(await control.info("stats"))?.[1]);
    const before = await refusals();
    await until("it was asked twice whether it is back", async () => (await refusals()) >= before + 2);
    expect(said).toEqual(["away"]);
    await control.replicaof("NO", "ONE");
    await until("it is up again", () => watched.isUp);
    expect([said, await question()]).toEqual([["away", "back"], "OK"]);
    watched.close();
    control.disconnect();
    await own.kill();
  });

  it("is not up with a wrong password, and a close does not wait for it", async () => {
    const own = await TestRedis.start();
    const control = new Redis(own.url);
    await control.config("SET", "requirepass", "right");
    const said: string[] = [];
    const url = own.url.replace("redis://", "redis://:wrong@");
    const refused = new SharedStore({ url, onAway: (reason) => said.push(reason), onBack() {} });
    await until("it says that it is away", () => said.length > 0);
    expect([refused.isUp, said.join()]).toEqual([false, expect.not.stringContaining("wrong")]);
    refused.close();
    control.disconnect();
    await own.kill();
  });
});
