import { z } from "zod";
import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { requireGrant } from "../user/guards.ts";
import { mutation } from "../verb.ts";
import { SESSION_PARTS, sessionView } from "./view.ts";

/**
 * Ends a session at once: one's own, or somebody's with the permission user.write and a role not below theirs. To
 * everybody else it does not exist. Ending twice changes nothing. 403, 404.
 */
export const revokeSession = mutation({
  name: "session.revoke",
  permission: "me.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const row = await ctx.tx.session.findUnique({ where: { id }, include: SESSION_PARTS });
    const isOwn = row?.userId === ctx.actor.id;
    if (!row || !(isOwn || ctx.actor.permissions.has("user.write"))) throw notFound("session");
    if (!isOwn) requireGrant(ctx.actor, row.user.role);
    if (row.revokedAt) return { output: null, audit: "unchanged" };
    await ctx.tx.session.update({ where: { id }, data: { revokedAt: ctx.now() } });
    const { current: _oneself, ...before } = sessionView(row, ctx);
    return { output: null, audit: { resource: "session", id, name: row.user.email, before } };
  },
});
