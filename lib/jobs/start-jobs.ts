import type { Database } from "../db/client.ts";
import { log } from "../log.ts";
import {
  removeIdempotencyRecords,
  removeNodeEvents,
  removeNodeRequests,
  removeRouteUse,
  removeScalingDecisions,
  removeSessions,
} from "./remove-expired.ts";
import { removeGoneNodesJob } from "./remove-gone-nodes.ts";
import { type JobLog, runJob } from "./run-job.ts";
import { scaleGroupsJob } from "./scale-groups.ts";
import { scheduledPublishJob } from "./scheduled-publish.ts";
import { sealAuditJob } from "./seal-audit.ts";
import { usageDays } from "./usage-days.ts";
import { watchRollout } from "./watch-rollout.ts";

/**
 * Starts everything that the control plane does by itself. Resolves once the signal has come and the last round has
 * ended; never rejects.
 */
export async function startJobs(database: Database, signal: AbortSignal, jobLog: JobLog = log): Promise<void> {
  const jobs = [
    usageDays,
    sealAuditJob(),
    removeIdempotencyRecords,
    removeSessions,
    removeNodeEvents,
    removeNodeRequests,
    removeRouteUse,
    removeScalingDecisions,
    removeGoneNodesJob,
    scheduledPublishJob,
    scaleGroupsJob,
    watchRollout,
  ];
  await Promise.all(jobs.map((job) => runJob(job, database, signal, jobLog)));
}
