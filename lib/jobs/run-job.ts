import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../db/client.ts";
import { systemContext } from "../domain/context.ts";
import { newId } from "../domain/new-id.ts";
import { inTransaction } from "../domain/transaction.ts";
import type { Job } from "./job.ts";

/** Where failures are reported; the control plane's log unless a test says otherwise. */
export interface JobLog {
  error(facts: object, message: string): void;
}

const BACKOFF_MAX_MS = 30_000;

/**
 * Runs a job until the signal: rounds follow each other and never overlap. A round that fails is logged and tried again
 * later, ever more rarely up to half a minute (or the job's own interval, if that is longer). Never rejects.
 */
export async function runJob(job: Job, database: Database, signal: AbortSignal, log: JobLog): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    let waitMs = job.everyMs;
    try {
      if ((await runRound(job, database)) === "again") waitMs = 0;
      failures = 0;
    } catch (error) {
      failures += 1;
      if (signal.aborted) return;
      log.error({ job: job.name, failures, err: error }, "A job failed and will be tried again");
      waitMs = Math.min(Math.max(BACKOFF_MAX_MS, job.everyMs), 500 * 2 ** Math.min(failures, 20));
    }
    await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** One round, unless another replica is at it. The lock ends with the transaction, also when this process dies. */
async function runRound(job: Job, database: Database): Promise<"done" | "again"> {
  const ctx = systemContext(database, newId("job"));
  if (job.isDue !== undefined && !(await job.isDue(database, ctx.now()))) return "done";
  const result = await inTransaction(ctx, async (tx) => {
    const key = `turnpike.job.${job.name}`;
    const [lock] = await tx.$queryRaw<{ held: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtextextended(${key}, 0)) AS held`;
    return lock?.held ? job.run({ ...ctx, tx }) : "done";
  });
  if (typeof result !== "function") return result;
  await result(ctx);
  return "done";
}
