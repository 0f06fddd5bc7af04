import type { Context } from "../domain/context.ts";
import { claimGroups, releaseGroup, scaleGroup } from "../domain/scaling/index.ts";
import type { Job } from "./job.ts";

/** As often as nodes report. */
const EVERY_MS = 5_000;
/** Groups that are looked at side by side: one whose driver is slow must not keep the others waiting. */
const AT_ONCE = 4;

/** Looks at every group that has a scaling policy; a group is one replica's at a time. */
export const scaleGroupsJob: Job = {
  name: "scale-groups",
  everyMs: EVERY_MS,
  async run({ tx, now }) {
    const ids = await claimGroups(tx, now());
    return ids.length === 0 ? "done" : (ctx) => lookAt(ctx, ids);
  },
};

async function lookAt(ctx: Context, ids: readonly string[]): Promise<void> {
  const waiting = [...ids];
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      await scaleGroup(ctx, id).catch((error: unknown) => failures.push(error));
      await releaseGroup(ctx, id).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failures.length > 0) throw failures[0];
}
