import { z } from "zod";
import { notFound } from "../errors.ts";
import { requireEtag } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { notifyChange } from "../notify.ts";
import { mutation } from "../verb.ts";
import { nodeEtag } from "./view.ts";

/** Revokes a node's identity: its stream ends, its requests are refused, and it serves no more. 404, 412. */
export const removeNode = mutation({
  name: "node.remove",
  permission: "node.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.node.findUnique({ where: { id, revokedAt: null } });
    if (!before) throw notFound("node");
    requireEtag(ctx, nodeEtag(before));
    await ctx.tx.node.update({ where: { id }, data: { revokedAt: ctx.now() } });
    await notifyChange(ctx.tx, "nodes");
    return {
      output: null,
      audit: { resource: "node", id, name: before.name, before: { name: before.name, group: before.group } },
    };
  },
});
