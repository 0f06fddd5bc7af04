import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import type { UsageEvent } from "../../contract/usage-event.ts";
import { type Actor, systemContext } from "../context.ts";
import { ingestUsage } from "./ingest.ts";
import { queryUsage } from "./query.ts";
import { actorOf, directoryOf, eventOf } from "./usage-fixtures.ts";

const NOW = new Date("2026-11-24T12:30:00.000Z");
let test: TestDatabase;
let one: Awaited<ReturnType<typeof directoryOf>>;
let two: Awaited<ReturnType<typeof directoryOf>>;

const as = (actor: Actor) => ({ ...systemContext(test.database, "test", () => NOW), actor });
const ask = (input: Parameters<typeof queryUsage>[1], actor: Actor = actorOf("admin")) => queryUsage(as(actor), input);

beforeAll(async () => {
  test = await createTestDatabase(12);
  one = await directoryOf(test.database);
  two = await directoryOf(test.database);
  const first = { teamId: one.team, consumerId: one.consumer, apiKeyId: one.apiKey };
  const second = { teamId: two.team, consumerId: two.consumer, apiKeyId: two.apiKey, model: "claude" };
  const parts: Partial<UsageEvent>[] = [
    { ...first, startedAt: "2026-11-24T10:05:00.000Z", costNanos: "1500000000" },
    { ...first, startedAt: "2026-11-24T10:59:59.999Z", cache: "hit", costNanos: "0", durationMs: 2 },
    { ...first, startedAt: "2026-11-24T12:00:00.000Z", status: 429, outcome: "denied", firstByteMs: null },
    { ...second, startedAt: "2026-11-24T10:05:00.000Z", costNanos: null },
    { ...second, startedAt: "2026-11-22T10:05:00.000Z" },
  ];
  const events = parts.map((part, index) => eventOf(index + 1, part));
  await ingestUsage(systemContext(test.database, "test"), { nodeId: "node_a", batch: { incarnation: "a", events } });
});
afterAll(() => test.remove());

describe("queryUsage", () => {
  it("answers the last 24 hours by hour, with empty buckets and exact sums", async () => {
    const usage = await ask({});
    expect(usage).toMatchObject({
      from: "2026-11-23T12:00:00.000Z",
      to: "2026-11-24T13:00:00.000Z",
      interval: "hour",
      groups: [],
      totals: {
        requests: 4,
        errors: 1,
        inputTokens: 40,
        cachedInputTokens: 8,
        outputTokens: 80,
        reasoningTokens: 20,
        cost: "1.500012345",
        unpricedRequests: 1,
        cacheHits: 1,
        durationMs: { avg: 90.5 },
        firstByteMs: { avg: 60 },
      },
    });
    expect(usage.series).toHaveLength(25);
    expect(usage.series.filter((row) => row.requests > 0).map((row) => [row.bucket, row.requests])).toEqual([
      ["2026-11-24T10:00:00.000Z", 3],
      ["2026-11-24T12:00:00.000Z", 1],
    ]);
    expect(usage.series[0]).toMatchObject({ requests: 0, cost: "0.00", durationMs: { p50: null, avg: null } });
  });

  it("gives the same totals at every interval", async () => {
    const range = { from: "2026-11-24T00:00:00Z", to: "2026-11-25T00:00:00Z" };
    const [minute, hour, day] = await Promise.all(
      (["minute", "hour", "day"] as const).map((interval) => ask({ ...range, interval })),
    );
    expect(minute?.totals.requests).toBe(4);
    expect(hour?.totals).toEqual(minute?.totals);
    expect(day?.totals).toEqual(minute?.totals);
    expect(day?.series).toHaveLength(1);
  });

  it("chooses the interval by the range", async () => {
    const intervalFrom = async (from: string) => (await ask({ from })).interval;
    expect(await intervalFrom("2026-11-24T11:00:00Z")).toBe("minute");
    expect(await intervalFrom("2026-11-20T00:00:00+02:00")).toBe("hour");
    expect(await intervalFrom("2026-10-01T00:00:00Z")).toBe("day");
  });

  it("takes an end in the future and shows no bucket beyond now", async () => {
    const usage = await ask({ from: "2026-11-24T10:00:00Z", to: "2026-11-25T10:00:00Z" });
    expect(usage.series.map((row) => row.bucket.slice(11, 13))).toEqual(["10", "11", "12"]);
    expect(usage.totals.requests).toBe(4);
  });

  it("groups by several dimensions with names, most requests first, and the rest as other", async () => {
    const usage = await ask({ groupBy: "consumer,model,status", limit: "1" });
    expect(usage.groups.map(({ group, requests }) => [group.key === "other", requests])).toEqual([
      [false, 2],
      [true, 2],
    ]);
    expect(usage.groups[0]?.group).toMatchObject({
      consumer: { id: one.consumer, name: `Bot ${one.consumer}` },
      model: "gpt-4o",
      status: 200,
      label: `Bot ${one.consumer} · gpt-4o · 200`,
    });
    expect(usage.series.reduce((sum, row) => sum + row.requests, 0)).toBe(4);
    const keys = new Set(usage.groups.map(({ group }) => group.key));
    for (const row of usage.series) expect(keys).toContain(row.group?.key);
  });

  it("names keys by their last four and upstreams that are gone by their id", async () => {
    const usage = await ask({ groupBy: "apiKey,upstream", teamId: one.team });
    expect(usage.groups.map(({ group }) => group)).toMatchObject([
      { apiKey: { id: one.apiKey, name: "prod", last4: "abcd" }, upstream: { id: "ups_1", name: null } },
    ]);
  });

  it("filters by each dimension, by several values and by classes of status", async () => {
    const count = async (filter: Parameters<typeof queryUsage>[1]) => (await ask(filter)).totals.requests;
    expect(await count({ consumerId: two.consumer })).toBe(1);
    expect(await count({ consumerId: `${one.consumer},${two.consumer}` })).toBe(4);
    expect(await count({ status: "4xx" })).toBe(1);
    expect(await count({ status: "200, 429" })).toBe(4);
    expect(await count({ cache: "hit" })).toBe(1);
    expect(await count({ model: "claude", apiKeyId: one.apiKey })).toBe(0);
    expect(await count({ route: "smart", nodeId: "node_a", upstreamId: "ups_1" })).toBe(4);
  });

  it("shows a developer the own team only, and neither upstreams nor nodes", async () => {
    const developer = actorOf("developer", [two.team]);
    expect((await ask({}, developer)).totals.requests).toBe(1);
    expect((await ask({ teamId: one.team }, developer)).totals.requests).toBe(0);
    const refused = { code: "permission_denied" };
    await expect(ask({ groupBy: "upstream" }, developer)).rejects.toMatchObject(refused);
    await expect(ask({ groupBy: "node" }, developer)).rejects.toMatchObject(refused);
    await expect(ask({ upstreamId: "ups_1" }, developer)).rejects.toMatchObject(refused);
    await expect(ask({ nodeId: "node_a" }, developer)).rejects.toMatchObject(refused);
  });

  it("refuses without permission", async () => {
    const nobody = { ...actorOf("admin"), permissions: new Set<never>() };
    await expect(ask({}, nobody)).rejects.toMatchObject({ code: "permission_denied" });
  });

  it("refuses what it cannot answer and names the remedy", async () => {
    const refusals: [Parameters<typeof queryUsage>[1], string, RegExp][] = [
      [{ from: "2026-11-01T00:00:00Z", interval: "minute" }, "/interval", /interval=hour, or a shorter time range/],
      [{ from: "2010-01-01T00:00:00Z", interval: "day" }, "/interval", /Choose a shorter time range\.$/],
      [{ from: "2026-11-23T12:00:00Z", interval: "minute", groupBy: "model" }, "/interval", /smaller limit/],
      [{ from: "2026-11-24T13:00:00Z" }, "/from", /before/],
      [{ groupBy: "consumer,consumer" }, "/groupBy", /twice/],
      [{ groupBy: "colour" }, "/groupBy/0", /./],
      [{ status: "abc" }, "/status/0", /429/],
      [{ from: "yesterday" }, "/from", /2026-11-24T00:00:00Z/],
    ];
    for (const [input, pointer, detail] of refusals)
      await expect(ask(input)).rejects.toMatchObject({ fields: [{ pointer, detail: expect.stringMatching(detail) }] });
    const unknown = { limit: 5, colour: "red" };
    await expect(ask(unknown)).rejects.toMatchObject({ fields: [{ pointer: "/colour", code: "unknown_field" }] });
  });
});
