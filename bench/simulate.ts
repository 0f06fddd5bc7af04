// `npm run bench -- simulate`: recorded calls of an hour replayed against a draft, in a database of its own. Prints one
// JSON line; exit 1 when a simulation of 100,000 calls takes longer than ten seconds.
//
//   --calls=100000 --rounds=3          how many calls are recorded, how often they are replayed

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { type Database, openDatabase } from "#lib/db/client.ts";
import { createConsumer } from "#lib/domain/consumer/index.ts";
import { type Context, systemContext } from "#lib/domain/context.ts";
import { createPlan, getPlan, updatePlan } from "#lib/domain/plan/index.ts";
import { publishRevision } from "#lib/domain/revision/index.ts";
import { createRoute, createVersion, getRoute, updateRoute } from "#lib/domain/route/index.ts";
import { bootstrapInstallation } from "#lib/domain/setup/bootstrap.ts";
import { simulateDraft } from "#lib/domain/simulation/index.ts";
import type { SimulationView } from "#lib/domain/simulation/schemas.ts";
import { createTeam } from "#lib/domain/team/index.ts";
import { createUpstream } from "#lib/domain/upstream/index.ts";
import { startEmbeddedPostgres } from "#scripts/db/embedded-postgres.ts";
import { migrate } from "#scripts/db/migrate.ts";
import { setEnv } from "#scripts/env.ts";

const SECONDS_MAX = 10;
const CONSUMERS = 100;
const HOUR_MS = 3_600_000;

interface Policy {
  readonly planId: string;
  readonly routeId: string;
  readonly upstreamIds: readonly string[];
}

/** What runs: a plan with limits of calls and tokens, a route on three upstreams. */
async function publishPolicy(ctx: Context): Promise<Policy> {
  const limit = (metric: "requests" | "tokens", most: number) => ({ metric, limit: most, windowSeconds: 60 });
  const plan = await createPlan(ctx, {
    name: "standard",
    rateLimits: [limit("requests", 1_000), limit("tokens", 10_000_000), { metric: "concurrency", limit: 100 }],
  });
  const upstreamIds: string[] = [];
  for (const name of ["one", "two", "three"]) {
    const baseUrl = `https://${name}.example.com/v1`;
    upstreamIds.push((await createUpstream(ctx, { name, provider: "openai", baseUrl })).id);
  }
  const targets = upstreamIds.map((upstreamId) => ({ upstreamId, model: "gpt-4o" }));
  const route = await createRoute(ctx, { name: "smart", strategy: "least_connections", targets });
  await publishRevision(ctx, {});
  return { planId: plan.id, routeId: route.id, upstreamIds };
}

/** What is drafted: tighter limits, and another version by default with other weights and a cheaper model. */
async function draft(ctx: Context, { planId, routeId, upstreamIds }: Policy): Promise<void> {
  const plan = await getPlan(ctx, { id: planId });
  const rateLimits = [
    { metric: "requests" as const, limit: 12, windowSeconds: 60 },
    { metric: "tokens" as const, limit: 20_000, windowSeconds: 60 },
    { metric: "concurrency" as const, limit: 3 },
  ];
  await updatePlan({ ...ctx, ifMatch: plan.etag }, { id: planId, patch: { rateLimits } });
  const targets = upstreamIds.map((upstreamId, index) => ({ upstreamId, model: "gpt-4o-mini", weight: index + 1 }));
  await createVersion(ctx, { id: routeId, version: "2.0.0", strategy: "weighted", targets });
  const route = await getRoute(ctx, { id: routeId });
  await updateRoute({ ...ctx, ifMatch: route.etag }, { id: routeId, patch: { defaultVersion: "2.0.0" } });
}

async function consumersOf(ctx: Context, planId: string): Promise<string[]> {
  const team = await createTeam(ctx, { name: "Bench" });
  const ids: string[] = [];
  for (let count = 0; count < CONSUMERS; count++)
    ids.push((await createConsumer(ctx, { name: `bot-${count}`, teamId: team.id, planId })).id);
  return ids;
}

/** Writes the calls as ingest would have, without the sums, which a simulation does not read. */
async function record(owner: pg.Pool, policy: Policy, consumerIds: readonly string[], calls: number): Promise<void> {
  await owner.query("SELECT turnpike_create_usage_days(current_date - 1, current_date)");
  const decision = { revision: 1, stages: [], candidates: [], attempts: [], price: null };
  const asked = { version: null, bodyBytes: 2_000, isForm: false, maxOutputTokens: 500, candidates: 1 };
  await owner.query(
    `INSERT INTO usage_event (day, node_id, incarnation, sequence, id, started_at, duration_ms, first_byte_ms, team_id,
       consumer_id, api_key_id, source_address, action, requested_model, route, route_version, target_id, upstream_id,
       provider, model, revision, status, outcome, stream, attempts, cache, input_tokens, cached_input_tokens,
       output_tokens, reasoning_tokens, usage_source, cost_nanos, price_version, asked, decision)
     SELECT at::date, 'node_bench', 'bench', n, 'req_' || lpad(to_hex(n), 32, '0'), at, 400 + n % 4000, 200, 'team',
       ($3::text[])[1 + n % array_length($3::text[], 1)], 'key_' || n % 100, '192.0.2.1', 'chat.completions', 'smart',
       'smart', '1.0.0', 'tgt', ($4::text[])[1 + n % 3], 'openai', 'gpt-4o', 1, 200, 'ok', n % 2 = 0, 1, 'bypass', 500, 0,
       300, 0, 'upstream', 4250000, 'bench', $5::jsonb, $6::jsonb
     FROM (SELECT n, $2::timestamptz - ($1 - n) * interval '1 hour' / ($1 + 1) AS at FROM generate_series(1, $1) n) made`,
    [
      calls,
      new Date().toISOString(),
      consumerIds,
      policy.upstreamIds,
      JSON.stringify({ ...asked, parameters: ["messages", "max_tokens"] }),
      JSON.stringify(decision),
    ],
  );
  await owner.query("ANALYZE usage_event");
}

async function prepared(database: Database, owner: pg.Pool, calls: number): Promise<Context> {
  const ctx = systemContext(database, "bench");
  await bootstrapInstallation(database, {
    adminEmail: undefined,
    adminPassword: randomBytes(18).toString("base64"),
    bootstrapToken: undefined,
    demoUpstreamUrl: null,
    joinTokens: 0,
  });
  const policy = await publishPolicy(ctx);
  await record(owner, policy, await consumersOf(ctx, policy.planId), calls);
  await draft(ctx, policy);
  return ctx;
}

interface Rounds {
  readonly seconds: number[];
  /** Of this process: the database's are not in it. */
  readonly cpuSeconds: number[];
  /** The longest that the event loop was held, of each round. */
  readonly stalls: number[];
  readonly last: SimulationView;
}

async function rounds(ctx: Context, count: number): Promise<Rounds> {
  const seconds: number[] = [];
  const cpuSeconds: number[] = [];
  const stalls: number[] = [];
  let last: SimulationView | null = null;
  const to = new Date();
  const from = new Date(to.getTime() - 2 * HOUR_MS);
  for (let round = 0; round < count; round++) {
    let longestMs = 0;
    let beforeMs = performance.now();
    // How long nobody else's request gets its turn.
    const pulse = setInterval(() => {
      const nowMs = performance.now();
      longestMs = Math.max(longestMs, nowMs - beforeMs - 5);
      beforeMs = nowMs;
    }, 5);
    const startedMs = performance.now();
    const cpuBefore = process.cpuUsage();
    last = await simulateDraft(ctx, { from: from.toISOString(), to: to.toISOString() });
    seconds.push((performance.now() - startedMs) / 1_000);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuSeconds.push((user + system) / 1e6);
    clearInterval(pulse);
    stalls.push(longestMs);
  }
  if (last === null) throw new Error("No round was run");
  return { seconds, cpuSeconds, stalls, last };
}

/** Runs it and prints its line. */
export async function benchSimulation(args: readonly string[]): Promise<void> {
  const number = (name: string, fallback: number): number =>
    Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split("=")[1] ?? fallback);
  const calls = number("calls", 100_000);
  const homeDir = mkdtempSync(path.join(os.tmpdir(), "turnpike-bench-"));
  const postgres = await startEmbeddedPostgres({ homeDir, isThrowAway: true });
  await migrate(postgres.url);
  setEnv({
    DATABASE_URL: postgres.url,
    TURNPIKE_MASTER_KEY: randomBytes(32).toString("base64"),
    NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
  });
  const database = openDatabase(postgres.url);
  const owner = new pg.Pool({ connectionString: postgres.url, max: 1 });
  try {
    const ctx = await prepared(database, owner, calls);
    const { seconds, cpuSeconds, stalls, last } = await rounds(ctx, number("rounds", 3));
    const slowest = Math.max(...seconds);
    const missed = last.calls < Math.min(calls, last.callsMax) || slowest > SECONDS_MAX;
    const figures = {
      seconds: seconds.map((each) => Math.round(each * 100) / 100),
      cpuSeconds: cpuSeconds.map((each) => Math.round(each * 100) / 100),
      longestStallMs: Math.round(Math.max(...stalls)),
      residentMb: Math.round(process.memoryUsage().rss / 2 ** 20),
      denied: last.denied.count,
      rerouted: last.rerouted.count,
      cost: last.cost,
    };
    process.stdout.write(
      `${JSON.stringify({ case: "bench simulate", n: last.calls, violations: missed ? 1 : 0, figures })}\n`,
    );
    if (missed) process.exitCode = 1;
  } finally {
    await owner.end();
    await database.$disconnect();
    await postgres.stop();
    rmSync(homeDir, { recursive: true, force: true });
  }
}
