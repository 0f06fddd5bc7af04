import { isPublishDue, runDuePublish } from "../domain/scheduled-publish/index.ts";
import type { Job } from "./job.ts";

/** Publishes what was scheduled, within a second of its time. */
export const scheduledPublishJob: Job = {
  name: "scheduled-publish",
  everyMs: 1_000,
  isDue: isPublishDue,
  async run(ctx) {
    await runDuePublish(ctx, {});
    return "done";
  },
};
