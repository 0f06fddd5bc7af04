import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { route, target, until, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());

const time = (inMs: number): string => new Date(Date.now() + inMs).toISOString();
const old = (more: object) =>
  version([target("ups_1")], {
    version: "1.0.0",
    status: "deprecated",
    deprecatedAt: time(-60_000),
    successor: "2.0.0",
    ...more,
  });
const publish = (more: object) =>
  harness.publish(
    harness.document({
      routes: [route("aging", [old(more), version([target("ups_1")], { version: "2.0.0" })], "2.0.0")],
    }),
  );

describe("a deprecated version", () => {
  it("answers 410 in a brown-out, says until when, and answers again after it", async () => {
    const sunsetAt = time(3_600_000);
    await publish({ sunsetAt, brownouts: [{ startsAt: time(-1_000), durationSeconds: 3 }] });
    const before = harness.first.received.length;
    const answer = await harness.chat("aging@1.0.0");
    expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([410, "version_retired"]);
    expect(JSON.parse(answer.text).error.message).toMatch(/brown-out until .*Use "aging@2.0.0" instead/);
    expect(Number(answer.headers["retry-after-ms"])).toBeGreaterThan(0);
    expect(Number(answer.headers["retry-after-ms"])).toBeLessThanOrEqual(2_000);
    expect(answer.headers).toMatchObject({
      "x-turnpike-route": "aging@1.0.0",
      sunset: new Date(sunsetAt).toUTCString(),
      link: '</v1/models/aging%402.0.0>; rel="successor-version"',
    });
    expect(harness.first.received.length).toBe(before);
    expect(await harness.event(answer)).toMatchObject({
      route: "aging",
      routeVersion: "1.0.0",
      outcome: "denied",
      status: 410,
    });
    expect((await harness.chat("aging")).status).toBe(200);
    await until("the brown-out is over", async () => (await harness.chat("aging@1.0.0")).status === 200);
  });

  it("is retired by itself at its sunset", async () => {
    await publish({ sunsetAt: time(1_500) });
    expect((await harness.chat("aging@1")).status).toBe(200);
    await until("the sunset has come", async () => (await harness.chat("aging@1")).status === 410);
    const answer = await harness.chat("aging@1");
    expect(JSON.parse(answer.text).error.message).toMatch(/is retired since/);
    expect(answer.headers["retry-after"]).toBeUndefined();
    const models = await harness.send("/v1/models/aging%401.0.0", null);
    expect(models.status).toBe(404);
  });
});
