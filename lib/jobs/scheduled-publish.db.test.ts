import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "#e2e/support/test-database.ts";
import { stubControlEnvironment } from "#e2e/support/test-environment.ts";
import { waitUntil } from "#e2e/support/wait-until.ts";
import { type Context, systemContext } from "../domain/context.ts";
import { createPlan } from "../domain/plan/index.ts";
import { getScheduledPublish, schedulePublish } from "../domain/scheduled-publish/index.ts";
import { bootstrapInstallation } from "../domain/setup/bootstrap.ts";
import { runJob } from "./run-job.ts";
import { scheduledPublishJob } from "./scheduled-publish.ts";

let test: TestDatabase;
let ctx: Context;
const stop = new AbortController();

beforeAll(async () => {
  stubControlEnvironment();
  test = await createTestDatabase();
  ctx = systemContext(test.database, "test");
  await bootstrapInstallation(test.database, {
    adminEmail: undefined,
    adminPassword: "a-long-test-password",
    bootstrapToken: undefined,
    demoUpstreamUrl: null,
    joinTokens: 0,
  });
});
afterAll(async () => {
  stop.abort();
  await test.remove();
});

/** A control plane that has published, and not yet committed it. */
const replicaOf = (url: string) => `
  import { openDatabase } from "#lib/db/client.ts";
  import { runJob } from "#lib/jobs/run-job.ts";
  import { scheduledPublishJob } from "#lib/jobs/scheduled-publish.ts";
  const job = {
    ...scheduledPublishJob,
    run: async (ctx) => {
      await scheduledPublishJob.run(ctx);
      const [row] = await ctx.tx.$queryRaw\`SELECT count(*)::int AS count FROM revision\`;
      process.stdout.write("inside " + row.count);
      return new Promise(() => setInterval(() => undefined, 1_000));
    },
  };
  await runJob(job, openDatabase(${JSON.stringify(url)}), new AbortController().signal, { error: console.error });
`;

it("publishes once when a control plane is killed in the middle of it and two others go on", async () => {
  await createPlan(ctx, { name: "scheduled" });
  const { id } = await schedulePublish(ctx, { at: new Date(Date.now() + 60_000).toISOString() });
  await test.owner.query("UPDATE scheduled_publish SET at = now() - interval '1 second'");
  const replica = spawn(process.execPath, ["--input-type=module-typescript", "--eval", replicaOf(test.url)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [said] = await once(replica.stdout, "data");
    expect(String(said)).toBe("inside 1");
    expect((await test.owner.query("SELECT 1 FROM revision")).rowCount).toBe(0);
  } finally {
    replica.kill("SIGKILL");
    await once(replica, "exit");
  }
  const failures: object[] = [];
  const log = { error: (facts: object) => void failures.push(facts) };
  const others = [0, 1].map(() => runJob(scheduledPublishJob, test.database, stop.signal, log));
  const state = async () => (await getScheduledPublish(ctx, { id })).state;
  await waitUntil("the publish", 15_000, async () => ((await state()) === "published" ? true : undefined));
  stop.abort();
  await Promise.all(others);
  expect((await test.owner.query("SELECT 1 FROM revision")).rowCount).toBe(1);
  const runs = await test.owner.query("SELECT 1 FROM audit_entry WHERE action = 'scheduledPublish.run'");
  expect(runs.rowCount).toBe(1);
  expect(failures).toEqual([]);
}, 60_000);
