import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";
import { RouteCreate, RouteView } from "./schemas.ts";
import { requireServable, requireServableName } from "./serving-kind.ts";
import { insertVersion } from "./store-version.ts";
import { routeView, targetUpstreamNames } from "./view.ts";

/** Adds a route with its first version to the draft. 409 `name_taken`, 422 for upstreams that cannot serve it. */
export const createRoute = mutation({
  name: "route.create",
  permission: "route.write",
  input: RouteCreate,
  output: RouteView,
  async run(ctx, { name, description, version, rateLimits, kind, ...fields }) {
    requireServableName(kind, name);
    await requireServable(ctx.tx, kind, fields);
    const route = await ctx.tx.route.create({
      data: { id: newId("rte"), name, description, kind, defaultVersion: version, rateLimits },
    });
    const first = await insertVersion(ctx.tx, route.id, version, fields);
    const output = routeView({ ...route, versions: [first] }, await targetUpstreamNames(ctx.tx, [first]));
    return { output, audit: { resource: "route", id: route.id, name, after: output } };
  },
});
