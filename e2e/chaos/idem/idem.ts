import { randomInt, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startLightPlane } from "#e2e/support/light-plane/start.ts";
import { ENDPOINTS } from "#lib/http/endpoints/index.ts";
import { startEmbeddedPostgres } from "#scripts/db/embedded-postgres.ts";
import { generateClient } from "#scripts/db/generate.ts";
import { migrate } from "#scripts/db/migrate.ts";
import { rounded, type Verdict } from "../verdict.ts";
import { type Prepared, REQUESTS } from "./requests.ts";
import { World } from "./world.ts";

/** How long one caller goes on trying. */
const ANSWER_MAX_MS = 120_000;
/** The kill comes within so long of the first duplicate. */
const KILL_WITHIN_MS = 250;
/** What the control plane's jobs write by themselves. */
const NOT_COUNTED = /^(usage_|audit_seal|idempotency_record|_prisma)/;

interface Tally {
  violations: string[];
  sent: number;
  kills: number;
  /** Answers that came from the first one's record. */
  replayed: number;
  slowestMs: number;
}

interface Sent extends Prepared {
  key: string;
  headers: Record<string, string>;
}

/**
 * `duplicates` of one POST at once, each tried until it is answered, while the control plane is killed with -9 and started
 * again: for every POST of the API there is exactly one effect and one answer, the same key with another body is 422, and
 * the answer is the same 24 hours later. As many rounds as there are kills, and at least one for each endpoint.
 */
export async function idem(duplicates: number, kills: number): Promise<Verdict> {
  const homeDir = mkdtempSync(path.join(os.tmpdir(), "turnpike-idem-"));
  await generateClient();
  const postgres = await startEmbeddedPostgres({ homeDir, isThrowAway: true });
  const owner = new pg.Pool({ connectionString: postgres.url, max: 2 });
  // A connection on its way out may still hear that the server goes down.
  owner.on("connect", (client) => client.on("error", () => {}));
  try {
    await migrate(postgres.url);
    const plane = await startLightPlane(postgres.url, null);
    try {
      return await measure(await World.make(plane, owner), duplicates, kills);
    } finally {
      await plane.kill();
    }
  } finally {
    await owner.end();
    await postgres.stop();
    rmSync(homeDir, { recursive: true, force: true });
  }
}

async function measure(world: World, duplicates: number, kills: number): Promise<Verdict> {
  const tally: Tally = { violations: [], sent: 0, kills: 0, replayed: 0, slowestMs: 0 };
  const posts = ENDPOINTS.filter(({ method }) => method === "POST");
  const remembered: { sent: Sent; text: string }[] = [];
  for (let round = 0; round < Math.max(kills, posts.length); round++) {
    const { path: endpoint = "", weight = 1 } = posts[round % posts.length] ?? {};
    const prepare = REQUESTS[endpoint];
    if (prepare === undefined) {
      tally.violations.push(`POST ${endpoint} is not tried`);
      continue;
    }
    try {
      // A heavy endpoint takes as many at once as the throttle lets one caller send.
      const count = Math.max(2, Math.floor(duplicates / weight));
      remembered.push(await playRound(world, prepare, { endpoint, count, isKilled: round < kills }, tally));
    } catch (error) {
      tally.violations.push(`POST ${endpoint}: ${String(error)}`);
    }
  }
  await repeatLater(world, remembered, tally);
  return {
    case: "idem",
    n: tally.sent,
    violations: tally.violations.length,
    figures: {
      endpoints: posts.length,
      kills: tally.kills,
      replayed: tally.replayed,
      repeatedAfter24h: remembered.length,
      slowestMs: rounded(tally.slowestMs),
      first: tally.violations[0]?.slice(0, 500) ?? "",
    },
  };
}

async function playRound(
  world: World,
  prepare: (world: World) => Promise<Prepared>,
  { endpoint, count, isKilled }: { endpoint: string; count: number; isKilled: boolean },
  tally: Tally,
): Promise<{ sent: Sent; text: string }> {
  // What one request does when it comes once.
  const single = await sentOf(world, await prepare(world));
  const alone = await effectOf(world, async () => void (await answered(world, single, tally)));
  const sent = await sentOf(world, await prepare(world));
  let answers: Answered[] = [];
  const together = await effectOf(world, async () => {
    const calls = Array.from({ length: count }, () => answered(world, sent, tally));
    if (isKilled) await killSoon(world, tally);
    answers = await Promise.all(calls);
  });
  const violations = [
    ...new Set(
      answers.filter(({ status }) => status >= 300).map(({ status, text }) => `${status} ${text.slice(0, 300)}`),
    ),
  ];
  const texts = new Set(answers.map(({ status, text }) => `${status} ${text}`));
  if (texts.size !== 1) violations.push(`${texts.size} different answers`);
  if (together !== alone) violations.push(`once: ${alone}; ${count} times: ${together}`);
  const other = await answered(world, { ...sent, body: { ...sent.body, another: 1 } }, tally);
  if (other.status !== 422 || !other.text.includes("idempotency_mismatch")) {
    violations.push(`another body: ${other.status} ${other.text.slice(0, 200)}`);
  }
  tally.violations.push(...violations.map((text) => `POST ${endpoint}: ${text}`));
  return { sent, text: answers[0]?.text ?? "" };
}

async function sentOf(world: World, prepared: Prepared): Promise<Sent> {
  return { ...prepared, key: randomUUID(), headers: prepared.headers ?? (await world.token()) };
}

async function killSoon(world: World, tally: Tally): Promise<void> {
  await sleep(randomInt(KILL_WITHIN_MS));
  await world.plane.kill();
  tally.kills += 1;
  await world.plane.start();
}

interface Answered {
  status: number;
  text: string;
}

/** Sends until there is an answer that is one: as a client does that lost its connection, or is told to wait. */
async function answered(world: World, { path: target, body, key, headers }: Sent, tally: Tally): Promise<Answered> {
  const startedMs = performance.now();
  tally.sent += 1;
  while (performance.now() - startedMs < ANSWER_MAX_MS) {
    try {
      const response = await fetch(`${world.plane.url}/api/v1${target}`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key, ...headers },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (response.status !== 429 && response.status !== 503) {
        if (response.headers.has("idempotent-replayed")) tally.replayed += 1;
        tally.slowestMs = Math.max(tally.slowestMs, performance.now() - startedMs);
        return { status: response.status, text };
      }
    } catch {
      // Its control plane is gone: it will be back.
    }
    await sleep(randomInt(50, 250));
  }
  throw new Error(`no answer to ${target} in ${ANSWER_MAX_MS} ms`);
}

/** How many rows a work adds to which table, or takes away: `audit_entry +1, team +1`. */
async function effectOf(world: World, work: () => Promise<void>): Promise<string> {
  const before = await rowCounts(world.owner);
  await work();
  const after = await rowCounts(world.owner);
  const changes = [...after].map(([table, count]): [string, number] => [table, count - (before.get(table) ?? 0)]);
  return changes
    .filter(([, change]) => change !== 0)
    .map(([table, change]) => `${table} ${change > 0 ? "+" : ""}${change}`)
    .join(", ");
}

async function rowCounts(owner: pg.Pool): Promise<Map<string, number>> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  const names = tables.map(({ name }) => name).filter((name) => !NOT_COUNTED.test(name));
  const parts = names.map((name) => `SELECT '${name}' AS name, count(*)::int AS rows FROM "${name}"`);
  const { rows } = await owner.query<{ name: string; rows: number }>(parts.join(" UNION ALL "));
  return new Map(rows.map((row) => [row.name, row.rows]));
}

/** A day later, and after another restart, each key still has its answer and no effect. */
async function repeatLater(world: World, remembered: { sent: Sent; text: string }[], tally: Tally): Promise<void> {
  await world.owner.query(`UPDATE idempotency_record SET created_at = created_at - interval '25 hours'`);
  await world.plane.kill();
  await world.plane.start();
  const effect = await effectOf(world, async () => {
    for (const { sent, text } of remembered) {
      const again = await answered(world, sent, tally);
      if (again.text !== text)
        tally.violations.push(`POST ${sent.path} a day later: ${again.status} ${again.text.slice(0, 200)}`);
    }
  });
  if (effect !== "") tally.violations.push(`a day later: ${effect}`);
}
