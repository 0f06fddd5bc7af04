import { z } from "zod";
import { notFound } from "../errors.ts";
import { requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { isActiveOwner, requireAnotherOwner, requireGrant } from "./guards.ts";
import { USER_PARTS, userView } from "./view.ts";

/** Removes a person and ends their sessions. What they did stays in the audit. 403, 404, 409 for the last owner, 412. */
export const deleteUser = mutation({
  name: "user.delete",
  permission: "user.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.user.findUnique({ where: { id }, include: USER_PARTS });
    if (!before) throw notFound("user");
    requireGrant(ctx.actor, before.role);
    requireMatch(ctx, before.version);
    const view = userView(before, ctx.now());
    if (isActiveOwner(view)) await requireAnotherOwner(ctx.tx, id);
    await ctx.tx.user.delete({ where: { id } });
    return { output: null, audit: { resource: "user", id, name: before.email, before: view } };
  },
});
