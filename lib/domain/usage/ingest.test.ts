import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import type { UsageEvent } from "../../contract/usage-event.ts";
import { systemContext } from "../context.ts";
import { newId } from "../new-id.ts";
import { ingestUsage } from "./ingest.ts";
import { binOf, emptyBins } from "./latency-bins.ts";
import { bucketStart, GRAINS, type Grain, isError } from "./rollup-rows.ts";
import { actorOf, directoryOf, eventOf } from "./usage-fixtures.ts";

let test: TestDatabase;
const system = () => systemContext(test.database, "test");
const send = (nodeId: string, events: UsageEvent[], incarnation = "spool-1") =>
  ingestUsage(system(), { nodeId, batch: { incarnation, events } });

beforeAll(async () => {
  test = await createTestDatabase(12);
});
afterAll(() => test.remove());
beforeEach(() => test.owner.query("TRUNCATE usage_event, usage_rollup, usage_series, usage_spool, team CASCADE"));

/** The rollup rows of a grain and node, added up. */
async function sums(grain: Grain, nodeId = "node_a") {
  const { rows } = await test.owner.query(
    `SELECT bucket, sum(requests)::int requests, sum(errors)::int errors, sum(input_tokens)::text input,
       sum(output_tokens)::text output, sum(cost_nanos)::text cost, sum(unpriced_requests)::int unpriced,
       sum(duration_ms_sum)::int duration, sum(first_byte_count)::int first_bytes
     FROM usage_rollup JOIN usage_series ON id = series_id
     WHERE grain = $1 AND node_id = $2 GROUP BY bucket ORDER BY bucket`,
    [grain, nodeId],
  );
  return rows.map((row) => ({ ...row, bucket: row.bucket.toISOString() }));
}

/** The same figures from the events themselves. */
function expectedSums(events: UsageEvent[], grain: Grain) {
  const buckets = Map.groupBy(events, (event) => bucketStart(grain, new Date(event.startedAt)));
  return [...buckets]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([bucket, inside]) => ({
      bucket,
      requests: inside.length,
      errors: inside.filter(isError).length,
      input: String(inside.reduce((sum, event) => sum + BigInt(event.usage.inputTokens), 0n)),
      output: String(inside.reduce((sum, event) => sum + BigInt(event.usage.outputTokens), 0n)),
      cost: String(inside.reduce((sum, event) => sum + BigInt(event.costNanos ?? 0), 0n)),
      unpriced: inside.filter((event) => event.costNanos === null && event.usage.source !== "none").length,
      duration: inside.reduce((sum, event) => sum + Math.round(event.durationMs), 0),
      first_bytes: inside.filter((event) => event.firstByteMs !== null).length,
    }));
}

const anyEvent = fc.record({
  startedAt: fc
    .date({ min: new Date("2026-11-20T22:00:00Z"), max: new Date("2026-11-21T02:00:00Z"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  durationMs: fc.integer({ min: 0, max: 90_000 }),
  firstByteMs: fc.option(fc.integer({ min: 0, max: 5_000 })),
  model: fc.constantFrom("gpt-4o", "claude", null),
  status: fc.constantFrom(200, 429, 502),
  outcome: fc.constantFrom("ok", "denied", "error", "cancelled", "interrupted"),
  cache: fc.constantFrom("hit", "miss"),
  costNanos: fc.option(fc.bigInt({ min: 0n, max: 10n ** 15n }).map(String)),
  usage: fc.record({
    inputTokens: fc.integer({ min: 0, max: 2 ** 40 }),
    cachedInputTokens: fc.nat(1000),
    cacheWriteTokens: fc.constant(0),
    outputTokens: fc.nat(100_000),
    reasoningTokens: fc.nat(100),
    source: fc.constantFrom("upstream", "estimate", "none"),
  }),
} as const);

describe("ingestUsage", () => {
  it("keeps sums equal to the events at every grain, whatever is sent twice", async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 40 }), async (parts) => {
        const node = `node_${++runs}`;
        const events = parts.map((part, index) => eventOf(index + 1, part));
        await send(node, events);
        await send(node, events.slice(0, 20));
        for (const grain of GRAINS) expect(await sums(grain, node)).toEqual(expectedSums(events, grain));
      }),
      { numRuns: 20 },
    );
  }, 60_000);

  it("adds durations to the right bins", async () => {
    const events = [5, 5, 40, 700, 99_999].map((durationMs, index) => eventOf(index + 1, { durationMs }));
    await send("node_a", events.slice(0, 2));
    await send("node_a", events);
    const { rows } = await test.owner.query("SELECT latency_bins FROM usage_rollup WHERE grain = 'day'");
    const expected = emptyBins();
    for (const event of events) expected[binOf(event.durationMs)] = (expected[binOf(event.durationMs)] ?? 0) + 1;
    expect(rows.map((row) => row.latency_bins.map(Number))).toEqual([expected]);
  });

  it("counts once what 8 senders send 3 times each, in any order", async () => {
    const events = Array.from({ length: 800 }, (_, index) =>
      eventOf(index + 1, { model: `model-${index % 7}`, status: index % 5 === 0 ? 429 : 200, costNanos: "1000003" }),
    );
    const batches = Array.from({ length: 8 }, (_, index) => events.slice(index * 100, index * 100 + 100));
    const rounds = [...batches, ...batches.toReversed(), ...batches].map((batch) => () => send("node_a", batch));
    const senders = Array.from({ length: 8 }, async (_, sender) => {
      for (let round = sender; round < rounds.length; round += 8) await rounds[(round * 5) % rounds.length]?.();
    });
    await Promise.all(senders);
    for (const batch of batches) await send("node_a", batch);
    for (const grain of GRAINS) expect(await sums(grain)).toEqual(expectedSums(events, grain));
    const { rows } = await test.owner.query("SELECT through_sequence, accepted_events FROM usage_spool");
    expect(rows).toEqual([{ through_sequence: "800", accepted_events: "800" }]);
  });

  it("lets 8 nodes write the same new series and keys at once", async () => {
    const { team, consumer, apiKey } = await directoryOf(test.database);
    const owner = { teamId: team, consumerId: consumer, apiKeyId: apiKey };
    const events = Array.from({ length: 200 }, (_, index) => eventOf(index + 1, { ...owner, model: `m${index % 20}` }));
    const nodes = Array.from({ length: 8 }, (_, index) => `node_${index}`);
    const sent = nodes.flatMap((node) => [send(node, events, "a"), send(node, events, "b")]);
    expect(await Promise.all(sent)).toEqual(sent.map(() => ({ throughSequence: 200 })));
    for (const node of nodes) expect(await sums("day", node)).toMatchObject([{ requests: 400 }]);
  });

  it("acknowledges what is committed, takes a batch beyond a gap and shows how many are missing", async () => {
    const events = Array.from({ length: 30 }, (_, index) => eventOf(index + 1));
    expect(await send("node_a", events.slice(0, 10))).toEqual({ throughSequence: 10 });
    expect(await send("node_a", events.slice(20, 30))).toEqual({ throughSequence: 30 });
    const missing = () =>
      test.owner.query("SELECT (through_sequence - accepted_events)::int AS missing FROM usage_spool");
    expect((await missing()).rows).toEqual([{ missing: 10 }]);
    expect(await send("node_a", events.slice(10, 20))).toEqual({ throughSequence: 30 });
    expect((await missing()).rows).toEqual([{ missing: 0 }]);
  });

  it("gives an event the team of its consumer, not the one the node claims", async () => {
    const own = await directoryOf(test.database);
    const other = await directoryOf(test.database);
    await send("node_a", [
      eventOf(1, { teamId: own.team, consumerId: own.consumer, apiKeyId: own.apiKey }),
      eventOf(2, { teamId: other.team, consumerId: own.consumer }),
      eventOf(3, { teamId: other.team, consumerId: "con_unknown" }),
      eventOf(4, { teamId: other.team, consumerId: null }),
    ]);
    const { rows } = await test.owner.query("SELECT team_id FROM usage_event ORDER BY sequence");
    expect(rows.map((row) => row.team_id)).toEqual([own.team, own.team, null, null]);
    await test.owner.query("DELETE FROM consumer WHERE id = $1", [own.consumer]);
    await send("node_a", [eventOf(5, { teamId: own.team, consumerId: own.consumer })]);
    const late = await test.owner.query("SELECT team_id FROM usage_event WHERE sequence = 5");
    expect(late.rows).toEqual([{ team_id: own.team }]);
  });

  it("notes a key's last use at most once a minute, and only for its own consumer", async () => {
    const own = await directoryOf(test.database);
    const other = await directoryOf(test.database);
    const used = { teamId: own.team, consumerId: own.consumer, apiKeyId: own.apiKey };
    const lastUsed = async (id: string) =>
      (await test.owner.query("SELECT last_used_at FROM api_key WHERE id = $1", [id])).rows[0].last_used_at;
    await send("node_a", [
      eventOf(1, { ...used, startedAt: "2026-11-24T10:00:00.000Z" }),
      eventOf(2, { ...used, apiKeyId: other.apiKey }),
    ]);
    await send("node_a", [eventOf(3, { ...used, startedAt: "2026-11-24T10:00:30.000Z" })]);
    expect((await lastUsed(own.apiKey)).toISOString()).toBe("2026-11-24T10:00:00.000Z");
    await send("node_a", [eventOf(4, { ...used, startedAt: "2026-11-24T10:01:01.000Z" })]);
    expect((await lastUsed(own.apiKey)).toISOString()).toBe("2026-11-24T10:01:01.000Z");
    expect(await lastUsed(other.apiKey)).toBeNull();
  });

  it("stores characters that the database refuses as U+FFFD", async () => {
    const odd = eventOf(1, { endUser: "a\0b\ud800c😀" });
    const event = { ...odd, decision: { ...odd.decision, price: "\0" } };
    await send("node_a", [event]);
    const { rows } = await test.owner.query("SELECT end_user, decision->>'price' AS price FROM usage_event");
    expect(rows).toEqual([{ end_user: "a\uFFFDb\uFFFDc😀", price: "\uFFFD" }]);
  });

  it("refuses what is out of order, unknown, or not from a node, and writes nothing", async () => {
    await expect(send("node_a", [eventOf(2), eventOf(1)])).rejects.toMatchObject({ code: "invalid_request" });
    await expect(send("node_a", [eventOf(1), eventOf(1)])).rejects.toMatchObject({ code: "invalid_request" });
    const surplus = { ...eventOf(1), surplus: 1 };
    await expect(send("node_a", [surplus])).rejects.toMatchObject({ fields: [{ pointer: "/events/0/surplus" }] });
    const owner = { ...system(), actor: actorOf("owner") };
    const batch = { incarnation: "a", events: [eventOf(1)] };
    await expect(ingestUsage(owner, { nodeId: newId("node"), batch })).rejects.toMatchObject({
      code: "permission_denied",
    });
    expect((await test.owner.query("SELECT FROM usage_event")).rowCount).toBe(0);
  });
});
