import { z } from "zod";
import { notFound } from "../errors.ts";
import { requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { requireGrant } from "../user/guards.ts";
import { mutation } from "../verb.ts";
import { managementTokenView } from "./view.ts";

/** Revokes a management token for good, at once. Revoking twice changes nothing. 403 above the own role, 404, 412. */
export const revokeManagementToken = mutation({
  name: "managementToken.revoke",
  permission: "managementToken.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.managementToken.findUnique({ where: { id } });
    if (!before) throw notFound("management token");
    requireGrant(ctx.actor, before.role);
    requireMatch(ctx, before.version);
    if (before.revokedAt) return { output: null, audit: "unchanged" };
    const row = await ctx.tx.managementToken.update({
      where: { id },
      data: { revokedAt: ctx.now(), version: { increment: 1 } },
    });
    const [view, after] = [managementTokenView(before, ctx.now()), managementTokenView(row, ctx.now())];
    return { output: null, audit: { resource: "managementToken", id, name: row.name, before: view, after } };
  },
});
