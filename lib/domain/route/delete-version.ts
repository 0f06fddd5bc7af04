import { z } from "zod";
import { DomainError } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mutation } from "../verb.ts";
import { loadVersion, VersionInput } from "./versions.ts";
import { targetUpstreamNames, versionView } from "./view.ts";

/** Takes a version out of the draft. The default version stays (409). 404, 412. */
export const deleteVersion = mutation({
  name: "routeVersion.delete",
  permission: "route.write",
  input: VersionInput,
  output: z.null(),
  async run(ctx, { id, version }) {
    const before = await loadVersion(ctx.tx, id, version);
    requireMatch(ctx, before.version);
    if (before.route.defaultVersion === version)
      throw new DomainError("in_use", "This is the route's default version. Make another one the default first.");
    const { count } = await ctx.tx.routeVersion.deleteMany({ where: { id: before.id, version: before.version } });
    if (count === 0) throw lostRace();
    await ctx.tx.route.update({ where: { id }, data: { version: { increment: 1 } } });
    const view = versionView(before, await targetUpstreamNames(ctx.tx, [before]));
    const partOf = { id, name: before.route.name, version };
    const name = `${before.route.name}@${version}`;
    return { output: null, audit: { resource: "routeVersion", id: before.id, name, partOf, before: view } };
  },
});
