import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { writeAudit } from "../domain/audit/write.ts";
import { systemContext } from "../domain/context.ts";
import { inTransaction } from "../domain/transaction.ts";
import type { Job } from "./job.ts";
import { runJob } from "./run-job.ts";
import { startJobs } from "./start-jobs.ts";

let test: TestDatabase;
let stop = new AbortController();
let running: Promise<unknown>[] = [];
const failures: object[] = [];
const log = { error: (facts: object) => void failures.push(facts) };

beforeAll(async () => {
  test = await createTestDatabase();
});
afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  stop = new AbortController();
  running = [];
  failures.length = 0;
});
afterAll(() => test.remove());

const start = (job: Job) => running.push(runJob(job, test.database, stop.signal, log));
const count = async (statement: string) => Number((await test.owner.query(statement)).rows[0].count);

const until = (isTrue: () => Promise<boolean>) =>
  waitUntil("the jobs", 15_000, async () => ((await isTrue()) ? true : undefined));

describe("startJobs", () => {
  it("makes partitions, seals the audit and removes what has expired, all by itself", async () => {
    const { owner, database } = test;
    await owner.query(`INSERT INTO idempotency_record (key_sha256, actor_id, body_sha256, status, response, created_at)
      VALUES ('old', 'a', 'b', 201, '', now() - interval '49 hours'), ('new', 'a', 'b', 201, '', now() - interval '47 hours')`);
    await owner.query(
      `INSERT INTO "user" (id, email, name, role, updated_at) VALUES ('usr_1', 'a@b.c', 'A', 'owner', now())`,
    );
    await owner.query(`INSERT INTO session (id, user_id, expires_at) VALUES
      ('old', 'usr_1', now() - interval '1 second'), ('new', 'usr_1', now() + interval '1 hour')`);
    const ctx = systemContext(database, "test");
    await inTransaction(ctx, (tx) =>
      writeAudit({ ...ctx, tx }, "team.create", [{ resource: "team", id: "t", name: "t" }]),
    );
    running.push(startJobs(database, stop.signal, log));
    await until(async () => {
      const partitions = await count(
        `SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname ~ '^usage_event_\\d'`,
      );
      const seals = await count("SELECT count(*) FROM audit_seal");
      const records = await owner.query("SELECT key_sha256 FROM idempotency_record");
      const sessions = await owner.query("SELECT id FROM session");
      return (
        partitions === 9 &&
        seals === 1 &&
        records.rows.map((row) => row.key_sha256).join() === "new" &&
        sessions.rows.map((row) => row.id).join() === "new"
      );
    });
    expect(failures).toEqual([]);
  });
});

describe("runJob", () => {
  it("never overlaps with another replica's round, and each gets its turn", async () => {
    let inside = 0;
    let most = 0;
    let rounds = 0;
    const job: Job = {
      name: "exclusive",
      everyMs: 1,
      async run({ tx }) {
        most = Math.max(most, ++inside);
        await tx.$queryRaw`SELECT pg_sleep(0.02)::text`;
        inside--;
        rounds++;
        return "done";
      },
    };
    start(job);
    start(job);
    start(job);
    await until(async () => rounds >= 10);
    expect(most).toBe(1);
  });

  it("outlives its errors, says so, and undoes what the round had done", async () => {
    let rounds = 0;
    start({
      name: "unlucky",
      everyMs: 5,
      async run({ tx }) {
        rounds++;
        await tx.$executeRaw`INSERT INTO sequence (name, value) VALUES (${`round-${rounds}`}, 1)`;
        if (rounds === 1) throw new Error("boom");
        return "done";
      },
    });
    await until(async () => rounds >= 3);
    expect(failures).toMatchObject([{ job: "unlucky", failures: 1, err: { message: "boom" } }]);
    expect(await count("SELECT count(*) FROM sequence WHERE name = 'round-1'")).toBe(0);
    expect(await count("SELECT count(*) FROM sequence WHERE name = 'round-2'")).toBe(1);
  });

  it("goes on at once when asked, and ends on the signal while it waits", async () => {
    let rounds = 0;
    start({
      name: "patient",
      everyMs: 3_600_000,
      run: async () => (++rounds < 5 ? "again" : "done"),
    });
    await until(async () => rounds === 5);
    stop.abort();
    await Promise.all(running);
    expect(rounds).toBe(5);
  });
});
