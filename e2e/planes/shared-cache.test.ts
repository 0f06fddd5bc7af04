import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerKey } from "#gateway/cache/answer-cache.ts";
import type { KeptAnswer } from "#gateway/cache/kept-answer.ts";
import { openAnswer, StoreAnswers, sealAnswer } from "#gateway/cache/store-answers.ts";
import type { NodeIdentity } from "#gateway/control/identity.ts";
import { join } from "#gateway/control/join.ts";
import { SharedStore } from "#gateway/shared/shared-store.ts";
import { TestControlPlane } from "#gateway/testing/control-plane.ts";
import { route, target, until, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { TestRedis } from "#gateway/testing/redis.ts";
import { CacheRule } from "#lib/contract/cache-rule.ts";

const answer = (more: Partial<KeptAnswer> = {}): KeptAnswer => ({
  status: 200,
  headers: ["content-type", "text/event-stream"],
  pieces: [Buffer.from("data: a\n\n"), Buffer.from("data: b\n\n")],
  isStream: true,
  usage: {
    inputTokens: 1,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 2,
    reasoningTokens: 0,
    source: "upstream",
  },
  targetId: "tgt_1",
  madeAtMs: 1_000,
  expiresAtMs: 61_000,
  ...more,
});

describe("a sealed answer", () => {
  it("opens to what it was, under its own key only, and never when it was changed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }),
        fc.string(),
        fc.nat(),
        (pieces, text, place) => {
          const kept = answer({ pieces: pieces.map((piece) => Buffer.from(piece)) });
          const key = answerKey(text);
          const sealed = sealAnswer(key, kept);
          expect(openAnswer(key, sealed)).toEqual(kept);
          expect(openAnswer(answerKey(`${text}x`), sealed)).toBeNull();
          const changed = Buffer.from(sealed);
          changed[place % changed.length] = (changed[place % changed.length] ?? 0) ^ 1;
          expect(openAnswer(key, changed)).toBeNull();
          expect(openAnswer(key, sealed.subarray(0, place % sealed.length))).toBeNull();
        },
      ),
    );
  });
});

describe("answers that nodes share", () => {
  let redis: TestRedis;
  let harness: Harness;
  let identity: NodeIdentity;

  beforeAll(async () => {
    redis = await TestRedis.start();
    const plane = await TestControlPlane.start();
    identity = await join({ controlUrl: plane.url, joinToken: plane.joinToken, name: "test", version: "0.0.0" });
    harness = await Harness.start({ plane, identity, sharedStoreUrl: redis.url });
    const rule = (shared: boolean) => CacheRule.parse({ ttlSeconds: 60, shared });
    const routes = [
      route("shared", [version([target("ups_1")], { cache: rule(true) })]),
      route("own", [version([target("ups_1")], { cache: rule(false) })]),
    ];
    await harness.publish(harness.document({ routes }));
  });
  afterAll(async () => {
    await harness.stop();
    await redis.kill();
  });

  it("are found by a node that is new, and only where the route shares them", async () => {
    const store = new SharedStore({ url: redis.url, onAway() {}, onBack() {} });
    await until("the store is up", () => store.isUp);
    const cacheOf = async (model: string) => (await harness.chat(model, { seed: 1 })).headers["x-turnpike-cache"];
    expect([await cacheOf("shared"), await cacheOf("own")]).toEqual(["miss", "miss"]);
    const stored = async () =>
      (
        await store.ask(
          (each) => each.keys("turnpike:answer:*"),
          () => {},
        )
      )?.length ?? 0;
    await until("the answer is in the store", async () => (await stored()) === 1);
    store.close();
    await harness.node.stop(100);
    await harness.begin({ identity, sharedStoreUrl: redis.url });
    await until("the node serves again", () => harness.node.notReadyReason() === null);
    await until("it reaches the store", async () => (await cacheOf("shared")) === "hit");
    expect(await cacheOf("own")).toBe("miss");
  });

  it("are none where the store is slow or away, and nobody waits for it", async () => {
    const own = new SharedStore({ url: redis.url, onAway() {}, onBack() {} });
    await until("the store is up", () => own.isUp);
    redis.pause();
    const startMs = performance.now();
    expect(await new StoreAnswers(own).get(answerKey("x"), 0)).toBeNull();
    expect(performance.now() - startMs).toBeLessThan(45);
    own.close();
    const slow = await harness.chat("shared", { seed: 2 });
    expect([slow.status, slow.headers["x-turnpike-cache"]]).toEqual([200, "miss"]);
    redis.resume();
    await redis.kill();
    const away = await harness.chat("shared", { seed: 3 });
    expect([away.status, away.headers["x-turnpike-cache"]]).toEqual([200, "miss"]);
  });
});
