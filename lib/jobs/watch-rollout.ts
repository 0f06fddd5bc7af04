import { isRolloutOpen, stepRollout } from "../domain/rollout/index.ts";
import type { Job } from "./job.ts";

/** Watches the canary that is under way, and promotes it or rolls it back. */
export const watchRollout: Job = {
  name: "watch-rollout",
  everyMs: 1_000,
  isDue: isRolloutOpen,
  async run(ctx) {
    await stepRollout(ctx);
    return "done";
  },
};
