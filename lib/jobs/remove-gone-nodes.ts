import { removeGoneNodes } from "../domain/scaling/remove-gone.ts";
import type { Job } from "./job.ts";

/** Removes the nodes of pods that are gone. */
export const removeGoneNodesJob: Job = {
  name: "remove-gone-nodes",
  everyMs: 60_000,
  run: async (ctx) => ((await removeGoneNodes(ctx)) ? "again" : "done"),
};
