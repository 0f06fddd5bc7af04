import { RouteKind } from "../../contract/policy-document.ts";
import { invalidField, notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { RoutePatch, RouteView } from "./schemas.ts";
import { requireServableName } from "./serving-kind.ts";
import { ROUTE_PARTS, routeRateLimits, routeView, targetUpstreamNames } from "./view.ts";

/** Changes a route's name, default version or limits, in the draft. 404, 409 `name_taken`, 412. */
export const updateRoute = mutation({
  name: "route.update",
  permission: "route.write",
  input: PatchInput,
  output: RouteView,
  async run(ctx, { id, patch }) {
    const before = await ctx.tx.route.findUnique({ where: { id }, include: ROUTE_PARTS });
    if (!before) throw notFound("route");
    requireMatch(ctx, before.version);
    const { name, description, defaultVersion } = before;
    const fields = { name, description, defaultVersion, rateLimits: routeRateLimits(before) };
    const changed = parseInput(RoutePatch, mergePatch(fields, patch));
    requireServableName(RouteKind.parse(before.kind), changed.name);
    if (!before.versions.some((version) => version.number === changed.defaultVersion)) {
      throw invalidField(
        "/defaultVersion",
        "unknown_version",
        `There is no version ${changed.defaultVersion}. Choose one of ${before.versions.map((version) => version.number).join(", ")}.`,
      );
    }
    const { count } = await ctx.tx.route.updateMany({
      where: { id, version: before.version },
      data: { ...changed, version: { increment: 1 } },
    });
    if (count === 0) throw lostRace();
    const row = await ctx.tx.route.findUniqueOrThrow({ where: { id }, include: ROUTE_PARTS });
    const names = await targetUpstreamNames(ctx.tx, row.versions);
    const output = routeView(row, names);
    return {
      output,
      audit: { resource: "route", id, name: row.name, before: routeView(before, names), after: output },
    };
  },
});
