import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { NodeListInput, NodePage, NodeView } from "./schemas.ts";
import { nodeView, wantedBy } from "./view.ts";

/** One node. 404 for one that was removed. */
export const getNode = query({
  name: "node.get",
  permission: "node.read",
  input: IdInput,
  output: NodeView,
  async run(ctx, { id }) {
    const row = await ctx.tx.node.findUnique({ where: { id, revokedAt: null } });
    if (!row) throw notFound("node");
    return nodeView(row, await wantedBy(ctx.tx, [row]), ctx.now());
  },
});

/** The nodes that belong to this control plane, newest first. */
export const listNodes = query({
  name: "node.list",
  permission: "node.read",
  input: NodeListInput,
  output: NodePage,
  async run(ctx, input) {
    const page = pageQuery(input);
    const where = {
      ...page.where,
      revokedAt: null,
      ...(input.q === undefined ? {} : { name: { contains: input.q, mode: "insensitive" as const } }),
      ...(input.group === undefined ? {} : { group: input.group }),
    };
    const rows = await ctx.tx.node.findMany({ ...page, where });
    const wanted = await wantedBy(ctx.tx, rows);
    return toPage(rows, input.limit, (row) => nodeView(row, wanted, ctx.now()));
  },
});
