import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type ManagementApi, managementApi } from "#e2e/support/management-api.ts";
import { postgresPid } from "#e2e/support/processes.ts";
import { type StartedReplicas, startReplicas } from "#e2e/support/replicas.ts";
import { SimulatedFleet } from "#e2e/support/simulated-fleet.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { WeatheredProxy } from "#e2e/support/weathered-proxy.ts";
import { quantile, rounded, type Verdict } from "./verdict.ts";

const NODES = 5;
const REPLICAS = 2;
/** Of so many publishes one meets a kill. */
const KILL_EVERY = 4;
/** And of so many kills one is the database's. */
const DATABASE_EVERY = 3;
/** A publish takes about this long: somewhere within it the kill comes. */
const WITHIN_MS = 80;
const ANSWERED_MS_MAX = 60_000;
const CONVERGED_MS_MAX = 60_000;

/**
 * kill -9 of control planes and of PostgreSQL at random moments of `n` publishes that come through one address in front of
 * the control planes. A publish that gets no answer is sent again with its idempotency key. In the end each publish must be
 * exactly one revision with one audit entry, the numbers without a gap, every document whole, and every node at the last.
 */
export async function cpKill(n: number, isLight = false): Promise<Verdict> {
  const installed = await startReplicas({ count: REPLICAS, isLight });
  const balancer = await WeatheredProxy.start(installed.replicas.map(({ port }) => port));
  let fleet: SimulatedFleet | null = null;
  try {
    const api = managementApi(balancer.url, installed.token);
    const plan = await api.must("POST", "/plans", { name: "published" });
    const held = { epoch: 1, directory: 0, credential: 0 };
    fleet = await SimulatedFleet.start([balancer.url], installed.token, NODES, held);
    const killer = new Killer(installed);
    const numbers: number[] = [];
    const delays: number[] = [];
    for (let round = 1; round <= n; round++) {
      if (round % KILL_EVERY === 0) killer.strike(Math.random() * WITHIN_MS);
      const startedMs = performance.now();
      numbers.push(await publishRound(api, plan.id, round));
      delays.push(performance.now() - startedMs);
      await killer.repaired();
    }
    const last = Math.max(...numbers);
    const startedMs = performance.now();
    const problem = await fleet
      .all(`applied revision ${last}`, (node) => node.acknowledged >= last, CONVERGED_MS_MAX)
      .then(
        () => "",
        (error: unknown) => String(error),
      );
    const convergedMs = performance.now() - startedMs;
    const found = await inspect(installed.databaseUrl, numbers, n);
    return {
      case: "cp-kill",
      n,
      violations: found.length + (problem === "" ? 0 : 1),
      figures: {
        replicasKilled: killer.replicas,
        databaseKilled: killer.databases,
        revisions: last,
        publishedP50Ms: rounded(quantile(delays, 0.5)),
        publishedMaxMs: rounded(Math.max(...delays)),
        convergedMs: rounded(convergedMs),
        firstProblem: found[0] ?? problem,
      },
    };
  } finally {
    await fleet?.stop();
    await balancer.close();
    await installed.remove();
  }
}

/** Kills one thing at a time, and has it started again. */
class Killer {
  replicas = 0;
  databases = 0;
  readonly #installed: StartedReplicas;
  #under: Promise<void> = Promise.resolve();
  #strikes = 0;

  constructor(installed: StartedReplicas) {
    this.#installed = installed;
  }

  strike(afterMs: number): void {
    this.#under = sleep(afterMs).then(() =>
      this.#strikes++ % DATABASE_EVERY === 0 ? this.#database() : this.#replica(),
    );
  }

  repaired(): Promise<void> {
    return this.#under;
  }

  async #replica(): Promise<void> {
    const replica = this.#installed.replicas[this.#strikes % REPLICAS];
    if (replica === undefined) return;
    await replica.kill();
    this.replicas++;
    await replica.start();
  }

  /** Its watchdog starts it again. */
  async #database(): Promise<void> {
    const pid = postgresPid(this.#installed.homeDir);
    process.kill(pid, "SIGKILL");
    this.databases++;
    await waitUntil("the database to be back", 60_000, async () => {
      if (postgresPid(this.#installed.homeDir) === pid) return undefined;
      await withDatabase(this.#installed.databaseUrl, (client) => client.query("SELECT 1"));
      return true;
    });
  }
}

/** Changes the plan and publishes, as often as it takes to be told the number. */
async function publishRound(api: ManagementApi, planId: string, round: number): Promise<number> {
  const rateLimits = [{ metric: "requests", limit: 1_000_000 + round, windowSeconds: 60 }];
  const headers = { "idempotency-key": `publish-${round}-${planId}` };
  return await waitUntil(`publish ${round} to be answered`, ANSWERED_MS_MAX, async () => {
    const plan = await api.must("GET", `/plans/${planId}`);
    if (plan.rateLimits[0]?.limit !== rateLimits[0]?.limit) {
      await api.must("PATCH", `/plans/${planId}`, { rateLimits }, { "if-match": plan.etag });
    }
    const { number } = await api.must("POST", "/revisions", { note: `round ${round}` }, headers);
    return Number(number);
  });
}

/** What is not as it should be, in words. */
async function inspect(databaseUrl: string, numbers: readonly number[], n: number): Promise<string[]> {
  const problems: string[] = [];
  await withDatabase(databaseUrl, async (client) => {
    const { rows: revisions } = await client.query(
      "SELECT number, parent, note, sha256, document FROM revision ORDER BY number",
    );
    const { rows: entries } = await client.query(
      "SELECT resource_id AS id, count(*)::int AS count FROM audit_entry WHERE action = 'revision.publish' GROUP BY 1",
    );
    const audited = new Map(entries.map((row: { id: string; count: number }) => [row.id, row.count]));
    revisions.forEach((row, place) => {
      if (row.number !== place + 1 || row.parent !== place) problems.push(`revision ${row.number} leaves a gap`);
      if (audited.get(String(row.number)) !== 1)
        problems.push(`revision ${row.number} has ${audited.get(String(row.number)) ?? 0} audit entries`);
      if (createHash("sha256").update(row.document).digest("hex") !== row.sha256)
        problems.push(`revision ${row.number} is not what was signed`);
    });
    for (let round = 1; round <= n; round++) {
      const published = revisions.filter((row) => row.note === `round ${round}`);
      if (published.length !== 1) problems.push(`publish ${round} is ${published.length} revisions`);
      else if (published[0]?.number !== numbers[round - 1]) problems.push(`publish ${round} was told another number`);
    }
    if (audited.size !== revisions.length) problems.push("the audit names a revision that is not there");
  });
  return problems;
}

async function withDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
