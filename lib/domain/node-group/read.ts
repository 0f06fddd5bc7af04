import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { PageInput, pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { NodeGroupPage, NodeGroupView } from "./schemas.ts";
import { groupView, nodesByGroup, readGroupView } from "./view.ts";

/** One group, with how busy it is. 404. */
export const getNodeGroup = query({
  name: "nodeGroup.get",
  permission: "nodeGroup.read",
  input: IdInput,
  output: NodeGroupView,
  async run(ctx, { id }) {
    const row = await ctx.tx.nodeGroup.findUnique({ where: { id } });
    if (!row) throw notFound("node group");
    return readGroupView(ctx.tx, row, ctx.now());
  },
});

/** The groups, newest first. */
export const listNodeGroups = query({
  name: "nodeGroup.list",
  permission: "nodeGroup.read",
  input: PageInput,
  output: NodeGroupPage,
  async run(ctx, input) {
    const page = pageQuery(input);
    const named = input.q === undefined ? {} : { name: { contains: input.q, mode: "insensitive" as const } };
    const rows = await ctx.tx.nodeGroup.findMany({ ...page, where: { ...page.where, ...named } });
    const names = rows.map(({ name }) => name);
    const nodes = await nodesByGroup(ctx.tx, names, ctx.now());
    return toPage(rows, input.limit, (row) => groupView(row, nodes.get(row.name) ?? { total: 0, reports: [] }));
  },
});
