import { z } from "zod";
import { notifyChange } from "../notify.ts";
import { mutation } from "../verb.ts";

/** Epochs count seconds from here, so that two restores of one backup never come to the same epoch. */
const EPOCH_ZERO_MS = Date.UTC(2020, 0, 1);

/**
 * Makes every node take this control plane's state anew, whatever number it runs: for a control plane that was restored
 * from a backup, and so is behind its nodes. The new epoch is higher than any that a control plane of this installation can
 * have had: at least the seconds since 2020. What nodes rejected before says nothing of what they are offered now.
 */
export const raiseEpoch = mutation({
  name: "epoch.raise",
  permission: "epoch.raise",
  input: z.strictObject({}).default({}),
  output: z.object({ epoch: z.int() }),
  async run(ctx) {
    const before = await ctx.tx.installation.findUniqueOrThrow({ where: { id: 1 } });
    const seconds = Math.floor((ctx.now().getTime() - EPOCH_ZERO_MS) / 1_000);
    const epoch = Math.max(before.epoch + 1, seconds);
    await ctx.tx.installation.update({ where: { id: 1 }, data: { epoch } });
    await ctx.tx.node.updateMany({ data: { rejectedRevisions: [] } });
    await notifyChange(ctx.tx, "nodes");
    return {
      output: { epoch },
      audit: {
        resource: "installation",
        id: "1",
        name: before.name,
        before: { epoch: before.epoch },
        after: { epoch },
      },
    };
  },
});
