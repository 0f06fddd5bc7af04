import { z } from "zod";
import { DomainError, notFound } from "../errors.ts";
import { requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { groupFields } from "./view.ts";

/** Joins without a token's group go here, so it stays. */
const DEFAULT_GROUP = "default";

/** Removes a group that no node belongs to and no join token leads to. 404, 409 `in_use`, 412. */
export const deleteNodeGroup = mutation({
  name: "nodeGroup.delete",
  permission: "nodeGroup.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    await ctx.tx.$queryRaw`SELECT 1 AS locked FROM node_group WHERE id = ${id} FOR UPDATE`;
    const before = await ctx.tx.nodeGroup.findUnique({ where: { id } });
    if (!before) throw notFound("node group");
    requireMatch(ctx, before.version);
    const { name } = before;
    if (name === DEFAULT_GROUP) throw new DomainError("in_use", "Nodes join this group by default: it cannot go.");
    const nodes = await ctx.tx.node.count({ where: { group: name, revokedAt: null } });
    const open = { usesMax: { gt: ctx.tx.joinToken.fields.uses }, expiresAt: { gt: ctx.now() } };
    const tokens = await ctx.tx.joinToken.count({ where: { group: name, ...open } });
    if (nodes > 0 || tokens > 0)
      throw new DomainError(
        "in_use",
        `The group "${name}" still has ${nodes} nodes and ${tokens} join tokens that can be used. Remove them first.`,
      );
    await ctx.tx.nodeGroup.delete({ where: { id } });
    return { output: null, audit: { resource: "nodeGroup", id, name, before: groupFields(before) } };
  },
});
