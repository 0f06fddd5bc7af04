import { z } from "zod";
import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { ROUTE_PARTS, routeView, targetUpstreamNames } from "./view.ts";

/** Takes a route with its versions out of the draft. 404, 412. */
export const deleteRoute = mutation({
  name: "route.delete",
  permission: "route.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.route.findUnique({ where: { id }, include: ROUTE_PARTS });
    if (!before) throw notFound("route");
    requireMatch(ctx, before.version);
    const { count } = await ctx.tx.route.deleteMany({ where: { id, version: before.version } });
    if (count === 0) throw lostRace();
    const view = routeView(before, await targetUpstreamNames(ctx.tx, before.versions));
    return { output: null, audit: { resource: "route", id, name: before.name, before: view } };
  },
});
