import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { UsageEvent } from "#lib/contract/usage-event.ts";
import { bootstrapInstallation } from "#lib/domain/setup/bootstrap.ts";
import { callsOfHour } from "./call.ts";
import { readCatalogue } from "./catalogue.ts";
import { NotInstalled, seedDemo } from "./index.ts";

const NOW = new Date("2026-11-24T12:34:56.000Z");
/** Small, but with days of every kind: sums by the day, by the hour, and single calls. */
const PLAN = { days: 8, rawDays: 1, hourDays: 3, volume: 0.06 };
let test: TestDatabase;

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  await expect(seedDemo(test.database, NOW, PLAN)).rejects.toThrow(NotInstalled);
  await bootstrapInstallation(test.database, {
    adminEmail: undefined,
    adminPassword: "turnpike-test-password",
    bootstrapToken: undefined,
    demoUpstreamUrl: "http://127.0.0.1:9",
    joinTokens: 0,
  });
  expect(await seedDemo(test.database, NOW, PLAN)).toMatchObject({ isFresh: true });
}, 120_000);
afterAll(() => test.remove());

/** Figures by bucket and series, from the events and from the sums; equal when both say the same. */
async function bothSums(grain: "minute" | "hour" | "day") {
  const figures = (of: string) => `${of} AS requests`;
  const events = await test.owner.query(
    `SELECT date_trunc($1, started_at AT TIME ZONE 'UTC') AS bucket, coalesce(consumer_id, '') AS consumer,
       coalesce(api_key_id, '') AS key, coalesce(route, '') AS route, coalesce(route_version, '') AS version,
       coalesce(model, '') AS model, node_id AS node, status, ${figures("count(*)::int")},
       count(*) FILTER (WHERE outcome NOT IN ('ok', 'cancelled'))::int AS errors,
       sum(input_tokens)::text AS input, sum(output_tokens)::text AS output,
       sum(coalesce(cost_nanos, 0))::text AS cost, sum(floor(duration_ms + 0.5))::text AS duration
     FROM usage_event GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8`,
    [grain],
  );
  const sums = await test.owner.query(
    `SELECT bucket AT TIME ZONE 'UTC' AS bucket, consumer_id AS consumer, api_key_id AS key, route,
       route_version AS version, model, node_id AS node, status, ${figures("sum(requests)::int")},
       sum(errors)::int AS errors, sum(input_tokens)::text AS input, sum(output_tokens)::text AS output,
       sum(cost_nanos)::text AS cost, sum(duration_ms_sum)::text AS duration
     FROM usage_rollup JOIN usage_series ON usage_series.id = series_id
     WHERE grain = $1 AND bucket >= '2026-11-23T00:00:00Z'
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8`,
    [grain],
  );
  return { events: events.rows, sums: sums.rows };
}

describe("seedDemo", () => {
  it.each(["minute", "hour", "day"] as const)("sums by the %s what the single calls say", async (grain) => {
    const { events, sums } = await bothSums(grain);
    expect(events.length).toBeGreaterThan(20);
    expect(sums).toEqual(events);
  });

  it("has sums, and no single calls, for the days before", async () => {
    const { rows } = await test.owner.query(
      `SELECT grain, count(DISTINCT bucket)::int AS buckets, sum(requests)::int AS requests FROM usage_rollup
       WHERE bucket < '2026-11-23T00:00:00Z' GROUP BY grain ORDER BY grain`,
    );
    expect(rows).toMatchObject([{ grain: "day", buckets: 7 }, { grain: "hour" }]);
    const [before] = (await test.owner.query("SELECT min(started_at) AS first FROM usage_event")).rows;
    expect(before.first >= new Date("2026-11-23T00:00:00Z")).toBe(true);
  });

  it("changes nothing when it runs again", async () => {
    const tables = ["team", "consumer", "api_key", "revision", "audit_entry", "node", "usage_event", "usage_rollup"];
    const counts = async () => {
      const sums = tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
      return (await test.owner.query(`SELECT ${sums.join(", ")}`)).rows[0];
    };
    const before = await counts();
    expect(await seedDemo(test.database, NOW, PLAN)).toMatchObject({ isFresh: false });
    expect(await counts()).toEqual(before);
  });

  it("makes the same calls each time, each of them valid and in its hour", async () => {
    const catalogue = await test.database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT set_config('turnpike.scope', 'organisation', true)`;
      return readCatalogue(tx, NOW.getTime());
    });
    const hourMs = Date.parse("2026-11-24T09:00:00Z");
    const once = callsOfHour(catalogue, hourMs, NOW.getTime(), 1, NOW.getTime());
    callsOfHour(catalogue, hourMs - 3_600_000, NOW.getTime(), 1, NOW.getTime());
    expect(callsOfHour(catalogue, hourMs, NOW.getTime(), 1, NOW.getTime())).toEqual(once);
    expect(once.length).toBeGreaterThan(100);
    for (const { event } of once) {
      expect(UsageEvent.safeParse(event)).toMatchObject({ success: true });
      expect(event.startedAt.slice(0, 13)).toBe("2026-11-24T09");
    }
  });

  it("publishes with notes, and says by name and silence that no node runs", async () => {
    const { rows } = await test.owner.query("SELECT note FROM revision ORDER BY number");
    expect(rows.filter(({ note }) => note !== "")).toHaveLength(6);
    const { rows: offline } = await test.owner.query("SELECT name FROM node WHERE last_seen_at < $1 ORDER BY name", [
      NOW,
    ]);
    expect(offline.map((row) => row.name)).toEqual(["seed-fra-1", "seed-fra-2", "seed-iad-1"]);
  });
});
