import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";
import { RouteCreate, RouteView } from "./schemas.ts";
import { insertVersion, requireKnownUpstreams } from "./store-version.ts";
import { routeView, targetUpstreamNames } from "./view.ts";

/** Adds a route with its first version to the draft. 409 `name_taken`, 422 for unknown upstreams. */
export const createRoute = mutation({
  name: "route.create",
  permission: "route.write",
  input: RouteCreate,
  output: RouteView,
  async run(ctx, { name, description, version, rateLimits, kind: _onlyModel, ...fields }) {
    await requireKnownUpstreams(ctx.tx, fields.targets);
    const route = await ctx.tx.route.create({
      data: { id: newId("rte"), name, description, defaultVersion: version, rateLimits },
    });
    const first = await insertVersion(ctx.tx, route.id, version, fields);
    const output = routeView({ ...route, versions: [first] }, await targetUpstreamNames(ctx.tx, [first]));
    return { output, audit: { resource: "route", id: route.id, name, after: output } };
  },
});
