import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { PageInput, pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { RoutePage, RouteView } from "./schemas.ts";
import { ROUTE_PARTS, routeView, targetUpstreamNames } from "./view.ts";

/** One route with its versions as the draft has it. 404. */
export const getRoute = query({
  name: "route.get",
  permission: "route.read",
  input: IdInput,
  output: RouteView,
  async run(ctx, { id }) {
    const row = await ctx.tx.route.findUnique({ where: { id }, include: ROUTE_PARTS });
    if (!row) throw notFound("route");
    return routeView(row, await targetUpstreamNames(ctx.tx, row.versions));
  },
});

/** The routes of the draft, newest first. */
export const listRoutes = query({
  name: "route.list",
  permission: "route.read",
  input: PageInput,
  output: RoutePage,
  async run(ctx, input) {
    const page = pageQuery(input);
    const named = input.q === undefined ? {} : { name: { contains: input.q, mode: "insensitive" as const } };
    const rows = await ctx.tx.route.findMany({ ...page, where: { ...page.where, ...named }, include: ROUTE_PARTS });
    const names = await targetUpstreamNames(
      ctx.tx,
      rows.flatMap((row) => row.versions),
    );
    return toPage(rows, input.limit, (row) => routeView(row, names));
  },
});
