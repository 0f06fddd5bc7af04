import { RouteKind } from "../../contract/policy-document.ts";
import { DomainError, notFound } from "../errors.ts";
import { mutation } from "../verb.ts";
import { VersionCreate, VersionView } from "./schemas.ts";
import { requireServable } from "./serving-kind.ts";
import { insertVersion } from "./store-version.ts";
import { targetUpstreamNames, versionView } from "./view.ts";

/** Adds a version to a route in the draft; the default stays where it is. 404, 409 `conflict`, 422. */
export const createVersion = mutation({
  name: "routeVersion.create",
  permission: "route.write",
  input: VersionCreate,
  output: VersionView,
  async run(ctx, { id, version, ...fields }) {
    const route = await ctx.tx.route.findUnique({ where: { id }, include: { versions: { select: { number: true } } } });
    if (!route) throw notFound("route");
    if (route.versions.some((existing) => existing.number === version)) {
      throw new DomainError("conflict", `The route has a version ${version} already. Choose a higher number.`, [
        { pointer: "/version", code: "conflict", detail: "is already in use" },
      ]);
    }
    await requireServable(ctx.tx, RouteKind.parse(route.kind), fields);
    const row = await insertVersion(ctx.tx, id, version, fields);
    await ctx.tx.route.update({ where: { id }, data: { version: { increment: 1 } } });
    const output = versionView(row, await targetUpstreamNames(ctx.tx, [row]));
    const partOf = { id, name: route.name, version };
    const name = `${route.name}@${version}`;
    return { output, audit: { resource: "routeVersion", id: row.id, name, partOf, after: output } };
  },
});
