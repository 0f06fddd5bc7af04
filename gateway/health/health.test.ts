import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { route, target, until, upstream, version } from "#gateway/testing/fixtures.ts";
import { Harness } from "#gateway/testing/harness.ts";
import { completion, status, streamEvent, type TestUpstream } from "#gateway/testing/upstream.ts";
import { HEALTH_DEFAULT, type HealthPolicy } from "#lib/contract/health-check.ts";
import type { HealthEntry, NodeEvent } from "#lib/contract/node-event.ts";
import type { RouteVersionDocument } from "#lib/contract/policy-document.ts";

let harness: Harness;
let serial = 0;

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

const quick: HealthPolicy = {
  ...HEALTH_DEFAULT,
  consecutiveFailures: 2,
  openSeconds: 0.2,
  openSecondsMax: 1,
  credentialRestSeconds: 0.2,
  slowStartSeconds: 0,
  probe: { ...HEALTH_DEFAULT.probe, kind: "off" },
};

/** Publishes a route over both upstreams, all with new ids: nothing is known of them yet. */
async function publish(
  health: Partial<HealthPolicy> = {},
  more: Partial<RouteVersionDocument> = {},
): Promise<{ ids: [string, string]; targetIds: [string, string] }> {
  serial += 1;
  const ids: [string, string] = [`ups_a${serial}`, `ups_b${serial}`];
  const targetIds: [string, string] = [`tgt_a${serial}`, `tgt_b${serial}`];
  const targets = [target(ids[0], { id: targetIds[0] }), target(ids[1], { id: targetIds[1], priority: 1 })];
  harness.plane.setCredentials([
    { id: `crd_a${serial}`, upstreamId: ids[0], kind: "apiKey", secret: "sk-a" },
    { id: `crd_b${serial}`, upstreamId: ids[1], kind: "apiKey", secret: "sk-b" },
  ]);
  await harness.publish(
    harness.document({
      upstreams: [
        upstream(ids[0], harness.first.url, { health: { ...quick, ...health } }),
        upstream(ids[1], harness.second.url, { health: { ...quick, ...health } }),
      ],
      routes: [
        route("both", [version(targets, { strategy: "priority", retry: { attempts: 3 }, ...more })]),
        route("one", [version([target(ids[0], { id: `tgt_one${serial}` })], { retry: { attempts: 1 }, ...more })]),
      ],
    }),
  );
  return { ids, targetIds };
}

const served = (): [number, number] => [harness.first.received.length, harness.second.received.length];
const keysAt = (each: TestUpstream): string[] => each.received.map(({ headers }) => headers.authorization ?? "");
const events = (): NodeEvent[] => harness.plane.reports.flatMap((report) => report.events ?? []);
const health = (): HealthEntry[] => harness.plane.reports.at(-1)?.health ?? [];
const error = (text: string): { code: string } => JSON.parse(text).error;

describe("a target that fails", () => {
  it("gets no more calls, is tried by one at a time, and returns by itself", async () => {
    const { targetIds, ids } = await publish({ openSeconds: 2, openSecondsMax: 2 });
    await harness.chat("both");
    harness.first.received.length = 0;
    harness.first.answer = status(500);
    for (let call = 0; call < 4; call++) expect((await harness.chat("both")).status).toBe(200);
    expect(served()).toEqual([2, 4]);
    await until("the breaker is reported", () => health().some((each) => each.id === targetIds[0]));
    expect(health()).toMatchObject([{ subject: "target", id: targetIds[0], upstreamId: ids[0], state: "open" }]);

    // When the open time is over, one call is the trial; those beside it go to the other target.
    await new Promise((resolve) => setTimeout(resolve, 2_050));
    harness.first.answer = async (response) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      status(200, "{}")(response, harness.first.received[0] ?? never());
    };
    await Promise.all(Array.from({ length: 8 }, () => harness.chat("both")));
    expect(served()).toEqual([3, 11]);
    for (let call = 0; call < 3; call++) await harness.chat("both");
    expect(served()).toEqual([6, 11]);
    const of = () => events().filter((event) => event.targetId === targetIds[0]);
    await until("every change is reported", () => of().length >= 3);
    expect(of().map((event) => event.kind)).toEqual(["breaker_opened", "breaker_half_open", "breaker_closed"]);
    expect(new Set(of().map((event) => event.id)).size).toBe(3);
  });

  it("counts by the ratio too, and not what the caller did wrong", async () => {
    await publish({ consecutiveFailures: 0, errorPercent: 50, callsMin: 6, openSeconds: 30, openSecondsMax: 30 });
    harness.first.answer = status(400);
    for (let call = 0; call < 8; call++) expect((await harness.chat("one")).status).toBe(400);
    let turn = 0;
    harness.first.answer = (response, received) => (turn++ % 2 === 0 ? status(503) : completion)(response, received);
    const seen: number[] = [];
    for (let call = 0; call < 8; call++) seen.push((await harness.chat("one")).status);
    expect(seen).toEqual([502, 200, 502, 200, 502, 200, 502, 503]);
  });

  it("is told of as 503 with the time of its next trial, when it is the only one", async () => {
    await publish({ openSeconds: 5, openSecondsMax: 5 });
    harness.first.answer = (response) => void response.destroy();
    for (let call = 0; call < 2; call++) expect((await harness.chat("one")).status).toBe(502);
    const answer = await harness.chat("one");
    expect([answer.status, error(answer.text).code]).toEqual([503, "upstream_unavailable"]);
    const waitMs = Number(answer.headers["retry-after-ms"]);
    expect(waitMs).toBeGreaterThan(3_000);
    expect(waitMs).toBeLessThanOrEqual(5_000);
    expect(harness.first.received.length).toBe(2);
    const { decision } = await harness.event(answer);
    expect(decision.candidates).toMatchObject([{ chosen: false, reason: "its breaker is open" }]);
  });

  it("is called all the same where its upstream says so", async () => {
    await publish({ whenAllOut: "try", openSeconds: 5 });
    harness.first.answer = status(500);
    for (let call = 0; call < 4; call++) expect((await harness.chat("one")).status).toBe(502);
    expect(harness.first.received.length).toBe(4);
  });

  it("keeps its state over a new revision", async () => {
    const { ids } = await publish({ openSeconds: 5 });
    harness.first.answer = status(500);
    for (let call = 0; call < 2; call++) await harness.chat("one");
    const again = target(ids[0], { id: `tgt_one${serial}`, weight: 7 });
    const upstreams = [upstream(ids[0], harness.first.url, { health: quick })];
    await harness.publish(harness.document({ upstreams, routes: [route("one", [version([again])])] }));
    expect((await harness.chat("one")).status).toBe(503);
  });
});

describe("an upstream that cannot be reached", () => {
  it("is left out with all of its targets, and comes back by itself", async () => {
    const { ids } = await publish();
    const port = new URL(harness.first.url).port;
    await harness.first.stop();
    try {
      for (let call = 0; call < 6; call++) expect((await harness.chat("both")).status).toBe(200);
      expect((await harness.chat("one")).status).toBe(503);
      await until("the upstream is reported", () => health().some((each) => each.id === ids[0]));
      expect(health()).toMatchObject([{ subject: "upstream", id: ids[0], state: "open" }]);
    } finally {
      await harness.first.restart(Number(port));
    }
    await until("the upstream is back", async () => (await harness.chat("one")).status === 200);
  });
});

describe("probes", () => {
  const probed = (path: string): number => harness.first.received.filter((each) => each.path === path).length;
  const kindsAt = (upstreamId: string): string[] =>
    events().flatMap((event) => (event.upstreamId === upstreamId ? [event.kind] : []));

  it("bring back an upstream that could not be reached long before its time, and only connect", async () => {
    const probe = { ...HEALTH_DEFAULT.probe, intervalSeconds: 0.1, timeoutMs: 500 };
    const { ids } = await publish({ openSeconds: 60, openSecondsMax: 60, probe });
    const port = new URL(harness.first.url).port;
    await harness.first.stop();
    try {
      for (let call = 0; call < 4; call++) await harness.chat("both");
      await until("a probe failed", () => kindsAt(ids[0]).includes("probe_failed"));
      expect((await harness.chat("one")).status).toBe(503);
    } finally {
      await harness.first.restart(Number(port));
    }
    await until("the upstream is back", async () => (await harness.chat("one")).status === 200);
    expect(harness.first.received.every((each) => each.path === "/v1/chat/completions")).toBe(true);
    await until("all is reported", () => kindsAt(ids[0]).includes("breaker_closed"));
    expect(kindsAt(ids[0])).toEqual([
      "breaker_opened",
      "probe_failed",
      "probe_passed",
      "breaker_half_open",
      "breaker_closed",
    ]);
  });

  it("over HTTP take an upstream out and bring it back, without a credential unless they are told to carry it", async () => {
    let isWell = true;
    harness.first.answer = (response, received) =>
      received.path === "/up" && !isWell ? status(500)(response, received) : completion(response, received);
    const probe = {
      ...HEALTH_DEFAULT.probe,
      kind: "http",
      path: "/up",
      intervalSeconds: 0.1,
      failuresToOpen: 2,
    } as const;
    const { ids } = await publish({ openSeconds: 60, openSecondsMax: 60, probe });
    await until("it is probed", () => probed("/up") >= 2);
    expect((await harness.chat("one")).status).toBe(200);
    isWell = false;
    await until("it is taken out", async () => (await harness.chat("one")).status === 503);
    isWell = true;
    await until("it is back", async () => (await harness.chat("one")).status === 200);
    const probes = harness.first.received.filter((each) => each.path === "/up");
    expect(probes.every((each) => each.method === "GET" && each.headers.authorization === undefined)).toBe(true);
    await until("all is reported", () => kindsAt(ids[0]).includes("breaker_closed"));
    expect(kindsAt(ids[0]).slice(0, 2)).toEqual(["probe_failed", "breaker_opened"]);

    harness.first.received.length = 0;
    await publish({ probe: { ...probe, sendsCredential: true } });
    await until("it is probed with the credential", () =>
      harness.first.received.some((each) => each.path === "/up" && each.headers.authorization === "Bearer sk-a"),
    );
  });
});

describe("metrics", () => {
  it("tell of breakers, credentials at rest and retries, by name", async () => {
    const { ids } = await publish({ openSeconds: 60, credentialRestSeconds: 60 });
    harness.first.answer = status(500);
    harness.second.answer = status(401);
    for (let call = 0; call < 3; call++) await harness.chat("both");
    const text = await (await fetch(`http://127.0.0.1:${harness.node.statusPort}/metrics`)).text();
    expect(text).toContain(`turnpike_target_breaker_state{upstream="${ids[0]}",model="gpt-4o-mini"} 2`);
    expect(text).toContain(`turnpike_upstream_breaker_state{upstream="${ids[0]}"} 0`);
    expect(text).toContain(`turnpike_credentials_parked{upstream="${ids[1]}"} 1`);
    expect(text).toMatch(new RegExp(`turnpike_upstream_retries_total\\{upstream="${ids[1]}"\\} [1-9]`));
    expect(text).not.toContain("sk-");
  });
});

describe("credentials", () => {
  async function publishKeys(more: Partial<HealthPolicy> = {}): Promise<string> {
    const { ids } = await publish(more);
    setKeys(ids[0], ["sk-one", "sk-two"]);
    await until("both are in force", async () => {
      await harness.chat("one");
      return new Set(keysAt(harness.first).filter((key) => key !== "Bearer sk-a")).size === 2;
    });
    harness.first.received.length = 0;
    return ids[0];
  }
  const setKeys = (upstreamId: string, secrets: string[]): void =>
    harness.plane.setCredentials(
      secrets.map((secret, index) => ({ id: `crd_${serial}_${index}`, upstreamId, kind: "apiKey" as const, secret })),
    );
  /** Refuses one key. */
  const refusing = (key: string, code: number, headers: Record<string, string> = {}): TestUpstream["answer"] => {
    return (response, received) =>
      received.headers.authorization === `Bearer ${key}`
        ? status(code, "{}", headers)(response, received)
        : completion(response, received);
  };

  it("take turns", async () => {
    await publishKeys();
    for (let call = 0; call < 6; call++) await harness.chat("one");
    const used = keysAt(harness.first);
    expect(used.filter((key) => key === "Bearer sk-one").length).toBe(3);
    expect(used.filter((key) => key === "Bearer sk-two").length).toBe(3);
  });

  it.each([401, 403])(
    "rest when refused with %i, are tried by one call later, and the caller sees nothing",
    async (code) => {
      const upstreamId = await publishKeys({ credentialRestSeconds: 1.5 });
      harness.first.answer = refusing("sk-one", code);
      const answers = [];
      for (let call = 0; call < 6; call++) answers.push(await harness.chat("both"));
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200, 200]);
      expect(keysAt(harness.first).filter((key) => key === "Bearer sk-one").length).toBe(1);
      expect(harness.second.received.length).toBe(0);
      const rotated = answers.find((answer) => answer.headers["x-turnpike-attempts"] === "2");
      const { decision } = await harness.event(rotated ?? never());
      expect(decision.attempts.map(({ credentialId, status: seen }) => [credentialId, seen])).toEqual([
        [`crd_${serial}_0`, code],
        [`crd_${serial}_1`, 200],
      ]);
      expect(JSON.stringify(decision)).not.toContain("sk-");
      await until("it is reported", () => health().some((each) => each.subject === "credential"));
      expect(health()).toMatchObject([{ id: `crd_${serial}_0`, upstreamId, state: "resting" }]);

      harness.first.answer = completion;
      await until("it is used again", async () => {
        await harness.chat("both");
        return keysAt(harness.first).filter((key) => key === "Bearer sk-one").length > 2;
      });
      const kinds = () => events().flatMap((event) => (event.credentialId === `crd_${serial}_0` ? [event.kind] : []));
      await until("its return is reported", () => kinds().includes("credential_returned"));
      expect(kinds()).toEqual(["credential_parked", "credential_returned"]);
    },
  );

  it("with a new secret are tried at once, and deleted ones are gone at once", async () => {
    const upstreamId = await publishKeys({ credentialRestSeconds: 60 });
    harness.first.answer = refusing("sk-one", 401);
    for (let call = 0; call < 3; call++) await harness.chat("both");
    setKeys(upstreamId, ["sk-new"]);
    await until("the new secret is used", async () => {
      await harness.chat("one");
      return keysAt(harness.first).at(-1) === "Bearer sk-new";
    });
    harness.first.received.length = 0;
    for (let call = 0; call < 4; call++) expect((await harness.chat("one")).status).toBe(200);
    expect(new Set(keysAt(harness.first))).toEqual(new Set(["Bearer sk-new"]));
  });

  it("that are limited with 429 give way to another, and then to another target, as long as the upstream asks", async () => {
    await publishKeys();
    harness.first.answer = refusing("sk-one", 429, { "retry-after": "30" });
    for (let call = 0; call < 4; call++) expect((await harness.chat("both")).status).toBe(200);
    expect(keysAt(harness.first).filter((key) => key === "Bearer sk-one").length).toBe(1);
    expect(harness.second.received.length).toBe(0);
    harness.first.answer = status(429, "{}", { "retry-after-ms": "30000" });
    for (let call = 0; call < 3; call++) expect((await harness.chat("both")).status).toBe(200);
    expect(served()).toEqual([6, 3]);
    for (let call = 0; call < 2; call++) await harness.chat("one");
    const answer = await harness.chat("one");
    expect([answer.status, error(answer.text).code]).toEqual([429, "rate_limit_exceeded"]);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(25);
    expect(Number(answer.headers["retry-after"])).toBeLessThanOrEqual(30);
    expect(served()[0]).toBeLessThanOrEqual(8);
  });
});

describe("retries", () => {
  it("stay within a fifth of the calls and ten a second while everything fails", async () => {
    await publish({ consecutiveFailures: 0, errorPercent: 0 });
    harness.first.answer = status(500);
    harness.second.answer = status(500);
    const outage = (): Promise<{ headers: Record<string, unknown> }[]> =>
      Promise.all(Array.from({ length: 20 }, () => harness.chat("both")));
    // What the calls of earlier tests have saved up is spent first.
    await until("the budget is spent", async () =>
      (await outage()).some((answer) => answer.headers["x-turnpike-attempts"] === "1"),
    );
    const before = served()[0] + served()[1];
    const startedMs = performance.now();
    for (let round = 0; round < 10; round++) await outage();
    const seconds = (performance.now() - startedMs) / 1_000;
    const attempts = served()[0] + served()[1] - before;
    expect(attempts).toBeGreaterThanOrEqual(1.2 * 200 - 5);
    expect(attempts).toBeLessThanOrEqual(1.2 * 200 + 10 * (seconds + 1) + 1);
  });

  it("come after a slow first byte, well within the call's time", async () => {
    await publish({}, { timeouts: { firstByteMs: 300, totalMs: 10_000 } });
    harness.first.answer = () => {};
    const startedMs = performance.now();
    const answer = await harness.chat("both");
    expect([answer.status, answer.headers["x-turnpike-attempts"]]).toEqual([200, "2"]);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect((await harness.event(answer)).decision.attempts.map((each) => each.error)).toEqual([
      "timeout_first_byte",
      null,
    ]);
  });

  it("are made for the reasons that the version names, and no others", async () => {
    await publish({}, { retry: { attempts: 3, on: ["rate_limit", "timeout"] } });
    harness.first.answer = status(500);
    expect((await harness.chat("both")).status).toBe(502);
    harness.first.answer = status(429);
    expect((await harness.chat("both")).status).toBe(200);
    expect(served()).toEqual([2, 1]);
  });

  it("never come after the first byte of an answer", async () => {
    await publish({}, { timeouts: { idleMs: 100 } });
    harness.first.answer = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(streamEvent("Hel"));
    };
    const answer = await harness.chat("both", { stream: true });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain("upstream_timeout");
    expect(served()).toEqual([1, 0]);
  });

  it("at the same target wait for as long as it asked", async () => {
    await publish({}, { retry: { attempts: 2 } });
    harness.first.answer = (response, received) =>
      harness.first.received.length === 1
        ? status(503, "{}", { "retry-after-ms": "80" })(response, received)
        : completion(response, received);
    const startedMs = performance.now();
    expect((await harness.chat("one")).status).toBe(200);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(80);
  });
});

describe("strategies", () => {
  it("keep a user at one target, and say in the decision why", async () => {
    await publish({}, { strategy: "consistent_hash" });
    for (let call = 0; call < 6; call++) await harness.chat("both", { user: "someone" });
    expect(served().toSorted()).toEqual([0, 6]);
    for (let user = 0; user < 20; user++) await harness.chat("both", { user: `user ${user}` });
    expect(Math.min(...served())).toBeGreaterThan(2);
  });

  it("prefer the target with fewer calls under way", async () => {
    await publish({}, { strategy: "least_connections" });
    harness.first.answer = async (response, received) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await completion(response, received);
    };
    const slow: Promise<unknown>[] = [];
    while (served()[0] === 0) {
      slow.push(harness.chat("both"));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const before = served()[1];
    for (let call = 0; call < 5; call++) await harness.chat("both");
    expect(served()).toEqual([1, before + 5]);
    await Promise.all(slow);
  });

  it("prefer the target that begins to answer sooner", async () => {
    await publish({}, { strategy: "lowest_latency" });
    harness.first.answer = async (response, received) => {
      await new Promise((resolve) => setTimeout(resolve, 80));
      await completion(response, received);
    };
    for (let call = 0; call < 4; call++) await harness.chat("both");
    const answer = await harness.chat("both");
    const { decision } = await harness.event(answer);
    expect(decision.candidates.map((each) => each.chosen)).toEqual([false, true]);
    expect(decision.candidates[0]?.latencyMs).toBeGreaterThan(50);
    expect(served()[1]).toBeGreaterThanOrEqual(3);
  });
});

function never(): never {
  throw new Error("Nothing of the kind came");
}
