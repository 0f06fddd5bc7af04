import { notFound } from "../errors.ts";
import { requireEtag } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { notifyChange } from "../notify.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { NodePatch, NodeView } from "./schemas.ts";
import { changeable, nodeEtag, nodeView, wantedBy } from "./view.ts";

/**
 * Renames a node, drains it and lets it serve again (the node hears of it through its stream), or keeps canaries away from
 * it and lets it take them again. 404, 412.
 */
export const updateNode = mutation({
  name: "node.update",
  permission: "node.write",
  input: PatchInput,
  output: NodeView,
  async run(ctx, { id, patch }) {
    const before = await ctx.tx.node.findUnique({ where: { id, revokedAt: null } });
    if (!before) throw notFound("node");
    requireEtag(ctx, nodeEtag(before));
    const was = changeable(before);
    const changed = parseInput(NodePatch, mergePatch(was, patch));
    const { isQuarantined, ...rest } = changed;
    const quarantine = { quarantinedAt: isQuarantined ? ctx.now() : null, rejections: 0 };
    const row = await ctx.tx.node.update({
      where: { id },
      data: { ...rest, ...(isQuarantined === was.isQuarantined ? {} : quarantine) },
    });
    await notifyChange(ctx.tx, "nodes");
    const output = nodeView(row, await wantedBy(ctx.tx, [row]), ctx.now());
    return { output, audit: { resource: "node", id, name: row.name, before: was, after: changed } };
  },
});
