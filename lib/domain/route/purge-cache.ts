import { z } from "zod";
import { Timestamp } from "../../contract/names.ts";
import { appendDirectory } from "../directory/append.ts";
import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";

/**
 * Throws away what nodes keep of a route's answers, on every node at once and without a publish: its keys change, through
 * the directory's log, which also reaches nodes that are away now. 404.
 */
export const purgeRouteCache = mutation({
  name: "route.purgeCache",
  permission: "route.write",
  input: IdInput,
  output: z.object({ purgedAt: Timestamp }),
  async run(ctx, { id }) {
    const route = await ctx.tx.route.findUnique({ where: { id }, select: { name: true } });
    if (!route) throw notFound("route");
    const purgeId = newId("prg");
    await appendDirectory(ctx.tx, { kind: "routeCache", id, body: { purgeId } });
    return {
      output: { purgedAt: ctx.now().toISOString() },
      audit: { resource: "route", id, name: route.name, after: { purgeId } },
    };
  },
});
