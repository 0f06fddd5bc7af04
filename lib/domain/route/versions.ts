import { z } from "zod";
import { Id, VersionNumber } from "../../contract/names.ts";
import type { Tx } from "../../db/client.ts";
import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { query } from "../verb.ts";
import { VersionPage, VersionView } from "./schemas.ts";
import { ROUTE_PARTS, routeView, targetUpstreamNames, VERSION_PARTS, type VersionRow, versionView } from "./view.ts";

export const VersionInput = z.strictObject({ id: Id, version: VersionNumber });

/** Loads a version of a route together with the route's name. 404 for either. */
export async function loadVersion(
  tx: Tx,
  routeId: string,
  number: string,
): Promise<VersionRow & { route: { name: string; kind: string; defaultVersion: string } }> {
  const include = { ...VERSION_PARTS, route: { select: { name: true, kind: true, defaultVersion: true } } };
  const row = await tx.routeVersion.findUnique({ where: { routeId_number: { routeId, number } }, include });
  if (!row) throw notFound("version of this route");
  return row;
}

/** One version of a route. 404. */
export const getVersion = query({
  name: "routeVersion.get",
  permission: "route.read",
  input: VersionInput,
  output: VersionView,
  async run(ctx, { id, version }) {
    const row = await loadVersion(ctx.tx, id, version);
    return versionView(row, await targetUpstreamNames(ctx.tx, [row]));
  },
});

/** Every version of a route, newest first. 404. */
export const listVersions = query({
  name: "routeVersion.list",
  permission: "route.read",
  input: IdInput,
  output: VersionPage,
  async run(ctx, { id }) {
    const row = await ctx.tx.route.findUnique({ where: { id }, include: ROUTE_PARTS });
    if (!row) throw notFound("route");
    return { data: routeView(row, await targetUpstreamNames(ctx.tx, row.versions)).versions, nextCursor: null };
  },
});
