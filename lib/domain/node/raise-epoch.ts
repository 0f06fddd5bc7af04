import { z } from "zod";
import { notifyChange } from "../notify.ts";
import { mutation } from "../verb.ts";
import { nextEpoch } from "./next-epoch.ts";

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
    const epoch = nextEpoch(before.epoch, ctx.now());
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
