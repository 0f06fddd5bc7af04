import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import type { UsageEvent } from "../../contract/usage-event.ts";
import { type Actor, systemContext } from "../context.ts";
import { newId } from "../new-id.ts";
import { ingestUsage } from "../usage/index.ts";
import { actorOf, directoryOf, eventOf } from "../usage/usage-fixtures.ts";
import { getRequest } from "./get.ts";
import { listRequests } from "./list.ts";

const NOW = new Date();
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000).toISOString();
let test: TestDatabase;
let one: Awaited<ReturnType<typeof directoryOf>>;
let two: Awaited<ReturnType<typeof directoryOf>>;
let events: UsageEvent[];

const as = (actor: Actor) => ({ ...systemContext(test.database, "test", () => NOW), actor });
const list = (input: Parameters<typeof listRequests>[1], actor: Actor = actorOf("admin")) =>
  listRequests(as(actor), input);
const get = (id: string, actor: Actor = actorOf("admin")) => getRequest(as(actor), { id });
const idsOf = (page: Awaited<ReturnType<typeof list>>) => page.data.map((row) => row.id);

beforeAll(async () => {
  test = await createTestDatabase(12);
  one = await directoryOf(test.database);
  two = await directoryOf(test.database);
  await test.owner.query("SELECT turnpike_create_usage_days(current_date - 2, current_date)");
  const first = { teamId: one.team, consumerId: one.consumer, apiKeyId: one.apiKey };
  const second = { teamId: two.team, consumerId: two.consumer, apiKeyId: two.apiKey, model: "claude" };
  const failed = { status: 502, outcome: "error", errorCode: "upstream_error" } as const;
  const parts: Partial<UsageEvent>[] = [
    { ...first, startedAt: minutesAgo(1), endUser: "u1", costNanos: "25000000000" },
    { ...first, startedAt: minutesAgo(2), ...failed, costNanos: null, action: "embeddings" },
    { ...second, startedAt: minutesAgo(3), cache: "hit" },
    { ...second, startedAt: minutesAgo(3), stream: true },
    { ...first, startedAt: minutesAgo(20 * 60) },
    { ...first, startedAt: minutesAgo(30 * 60) },
  ];
  events = parts.map((part, index) => eventOf(index + 1, part));
  await ingestUsage(systemContext(test.database, "test"), { nodeId: "node_a", batch: { incarnation: "a", events } });
});
afterAll(() => test.remove());

/** The ids of some of the events, in the order of the list. */
const idsAt = (...places: number[]) => places.map((place) => events[place]?.id);

describe("listRequests", () => {
  it("lists the last 24 hours, newest first, with names, tokens and cost", async () => {
    const page = await list({});
    expect(page.nextCursor).toBeNull();
    expect(idsOf(page)).toEqual([...idsAt(0, 1), ...idsAt(2, 3).toSorted().toReversed(), ...idsAt(4)]);
    expect(page.data[0]).toEqual({
      id: events[0]?.id,
      time: events[0]?.startedAt,
      team: { id: one.team, name: `Team ${one.team}` },
      consumer: { id: one.consumer, name: `Bot ${one.consumer}` },
      apiKey: { id: one.apiKey, name: "prod", last4: "abcd" },
      endUser: "u1",
      action: "chat.completions",
      requestedModel: "smart",
      route: "smart",
      version: "1.0.0",
      upstream: { id: "ups_1", name: null },
      provider: "openai",
      model: "gpt-4o",
      node: { id: "node_a", name: null },
      revision: 1,
      status: 200,
      outcome: "ok",
      errorCode: null,
      stream: false,
      attempts: 1,
      cache: "miss",
      inputTokens: 10,
      cachedInputTokens: 2,
      outputTokens: 20,
      reasoningTokens: 5,
      usageSource: "upstream",
      cost: "25.00",
      durationMs: 120,
      firstByteMs: 60,
    });
    expect(page.data[1]?.cost).toBeNull();
  });

  it("pages through calls of one instant without a gap or a repetition, while new ones come in", async () => {
    const whole = idsOf(await list({ from: minutesAgo(40 * 60) }));
    expect(whole).toHaveLength(6);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ from: minutesAgo(40 * 60), limit: 1, cursor });
      seen.push(...idsOf(page));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(whole);
  });

  it("filters by everything it names", async () => {
    const cases: [Parameters<typeof list>[0], number[]][] = [
      [{ consumerId: one.consumer }, [0, 1, 4]],
      [{ apiKeyId: one.apiKey, status: "5xx" }, [1]],
      [{ outcome: "error" }, [1]],
      [{ outcome: "error,denied,ok", action: "embeddings" }, [1]],
      [{ errorCode: "upstream_error" }, [1]],
      [{ cache: "hit", model: "claude", upstreamId: "ups_1", nodeId: "node_a", route: "smart" }, [2]],
      [{ from: minutesAgo(2.5) }, [0, 1]],
      [{ from: minutesAgo(31 * 60), to: minutesAgo(60) }, [4, 5]],
      [{ to: minutesAgo(-60 * 24) }, [0, 1, 2, 3, 4]],
      [{ q: events[1]?.id }, [1]],
      [{ q: events[1]?.id.slice(0, -1) }, [1]],
      [{ q: "REQ_nothing" }, []],
    ];
    for (const [input, places] of cases)
      expect(idsOf(await list(input)).toSorted(), JSON.stringify(input)).toEqual(idsAt(...places).toSorted());
  });

  it("finds a whole id beyond the default window", async () => {
    const id = events[5]?.id ?? "";
    expect(idsOf(await list({ q: id }))).toEqual([id]);
    expect(idsOf(await list({ q: id, from: minutesAgo(60) }))).toEqual([]);
  });

  it("reads only the partitions of the window", async () => {
    const { rows } = await test.owner.query(
      `EXPLAIN SELECT id FROM usage_event calls
       WHERE calls.day BETWEEN current_date AND current_date AND calls.started_at >= now() - interval '1 minute'
       ORDER BY started_at DESC, id DESC LIMIT 51`,
    );
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(new Set(plan.match(/usage_event_\d{4}_\d{2}_\d{2}/g)).size).toBe(1);
  });

  it("shows a developer the own team only, and neither upstreams nor nodes nor revisions", async () => {
    const developer = actorOf("developer", [two.team]);
    const page = await list({}, developer);
    expect(idsOf(page).toSorted()).toEqual(idsAt(2, 3).toSorted());
    for (const row of page.data) expect(row).toMatchObject({ upstream: null, node: null, revision: null });
    expect((await list({ consumerId: one.consumer }, developer)).data).toEqual([]);
    expect((await list({ q: events[0]?.id }, developer)).data).toEqual([]);
    await expect(list({ nodeId: "node_a" }, developer)).rejects.toMatchObject({ code: "permission_denied" });
  });

  it("refuses without permission and what is not valid", async () => {
    const nobody = { ...actorOf("admin"), permissions: new Set<never>() };
    await expect(list({}, nobody)).rejects.toMatchObject({ code: "permission_denied" });
    const refusals: [Parameters<typeof list>[0], string][] = [
      [{ limit: "201" }, "/limit"],
      [{ cursor: "%%%" }, "/cursor"],
      [{ cursor: Buffer.from("usr_1").toString("base64url") }, "/cursor"],
      [{ outcome: "fine" }, "/outcome/0"],
      [{ from: minutesAgo(1), to: minutesAgo(2) }, "/from"],
    ];
    for (const [input, pointer] of refusals) await expect(list(input)).rejects.toMatchObject({ fields: [{ pointer }] });
  });
});

describe("getRequest", () => {
  it("gives a call with its decision", async () => {
    const request = await get(events[1]?.id ?? "");
    expect(request).toMatchObject({ status: 502, errorCode: "upstream_error", sourceAddress: "127.0.0.1" });
    expect(request.decision).toEqual(events[1]?.decision);
  });

  it("finds a call whose id says another day than its event", async () => {
    const { rows } = await test.owner.query("SELECT id FROM usage_event WHERE sequence = 6");
    expect((await get(rows[0].id)).id).toBe(events[5]?.id);
    const old = `req_${"00".repeat(16)}`;
    await test.owner.query("UPDATE usage_event SET id = $1 WHERE sequence = 6", [old]);
    expect((await get(old)).id).toBe(old);
    await test.owner.query("UPDATE usage_event SET id = $1 WHERE sequence = 6", [rows[0].id]);
  });

  it("gives a developer the own calls without upstreams, and another team's as one that does not exist", async () => {
    const developer = actorOf("developer", [two.team]);
    const own = await get(events[2]?.id ?? "", developer);
    expect(own.decision).toMatchObject({ revision: 0, candidates: [], attempts: [{ upstreamName: "", status: 200 }] });
    expect(JSON.stringify(own.decision)).not.toContain("crd_1");
    const foreign = await get(events[0]?.id ?? "", developer).catch((error) => error);
    const missing = await get(newId("req"), developer).catch((error) => error);
    expect(foreign).toMatchObject({ code: "not_found" });
    expect(foreign.message).toBe(missing.message);
  });

  it("refuses without permission", async () => {
    const nobody = { ...actorOf("admin"), permissions: new Set<never>() };
    await expect(get(events[0]?.id ?? "", nobody)).rejects.toMatchObject({ code: "permission_denied" });
  });
});
