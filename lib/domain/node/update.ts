import { notFound } from "../errors.ts";
import { requireEtag } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { notifyChange } from "../notify.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { NodePatch, NodeView } from "./schemas.ts";
import { nodeEtag, nodeView, wantedNow } from "./view.ts";

/** Renames a node, or drains it and lets it serve again: the node hears of it through its stream. 404, 412. */
export const updateNode = mutation({
  name: "node.update",
  permission: "node.write",
  input: PatchInput,
  output: NodeView,
  async run(ctx, { id, patch }) {
    const before = await ctx.tx.node.findUnique({ where: { id, revokedAt: null } });
    if (!before) throw notFound("node");
    requireEtag(ctx, nodeEtag(before));
    const { name, isDraining } = before;
    const changed = parseInput(NodePatch, mergePatch({ name, isDraining }, patch));
    const row = await ctx.tx.node.update({ where: { id }, data: changed });
    await notifyChange(ctx.tx, "nodes");
    const output = nodeView(row, await wantedNow(ctx.tx), ctx.now());
    return { output, audit: { resource: "node", id, name: row.name, before: { name, isDraining }, after: changed } };
  },
});
