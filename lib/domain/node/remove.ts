import { z } from "zod";
import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { notifyChange } from "../notify.ts";
import { mutation } from "../verb.ts";

/** Revokes a node's identity: its stream ends, its requests are refused, and it serves no more. 404. */
export const removeNode = mutation({
  name: "node.remove",
  permission: "node.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.node.findUnique({ where: { id, revokedAt: null } });
    if (!before) throw notFound("node");
    await ctx.tx.node.update({ where: { id }, data: { revokedAt: ctx.now() } });
    await notifyChange(ctx.tx, "nodes");
    return {
      output: null,
      audit: { resource: "node", id, name: before.name, before: { name: before.name, group: before.group } },
    };
  },
});
