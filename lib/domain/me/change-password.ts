import { z } from "zod";
import { hashPassword, verifyPassword } from "../../crypto/password.ts";
import { DomainError, invalidField } from "../errors.ts";
import { requireOwnPassword } from "../user/guards.ts";
import { mutation } from "../verb.ts";
import { OwnPasswordInput } from "./schemas.ts";

/** Changes the acting person's own password, and ends their other sessions. 403 for a management token, 422. */
export const changeOwnPassword = mutation({
  name: "user.changeOwnPassword",
  permission: "me.write",
  input: OwnPasswordInput,
  output: z.null(),
  async run(ctx, { currentPassword, newPassword }) {
    const { id } = ctx.actor;
    const user = await ctx.tx.user.findUnique({ where: { id }, omit: { passwordHash: false } });
    if (ctx.actor.kind !== "user" || !user)
      throw new DomainError("permission_denied", "Only a person who is signed in has a password to change.");
    if (!(await verifyPassword(user.passwordHash, currentPassword)))
      throw invalidField("/currentPassword", "wrong_password", "This is not the present password.");
    requireOwnPassword("/newPassword", newPassword, user.email);
    const passwordHash = await hashPassword(newPassword);
    await ctx.tx.user.update({ where: { id }, data: { passwordHash, version: { increment: 1 } } });
    const others = ctx.sessionId === undefined ? {} : { id: { not: ctx.sessionId } };
    await ctx.tx.session.updateMany({
      where: { userId: id, revokedAt: null, ...others },
      data: { revokedAt: ctx.now() },
    });
    return { output: null, audit: { resource: "user", id, name: user.email } };
  },
});
