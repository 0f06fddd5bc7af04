import { z } from "zod";
import { hashPassword } from "../../crypto/password.ts";
import { notFound } from "../errors.ts";
import { requireMatch } from "../etag.ts";
import { mutation } from "../verb.ts";
import { requireGrant, requireOwnPassword } from "./guards.ts";
import { newInitialPassword } from "./initial-password.ts";
import { PasswordReset } from "./schemas.ts";

/**
 * Gives a person another password, ends their sessions and lifts a lock. Without a password in the input one is made,
 * and shown in this answer and nowhere else. 403 above the own role, 404, 412, 422.
 */
export const resetPassword = mutation({
  name: "user.resetPassword",
  permission: "user.write",
  input: PasswordReset,
  output: z.object({ initialPassword: z.string().nullable() }),
  async run(ctx, { id, password }) {
    const user = await ctx.tx.user.findUnique({ where: { id } });
    if (!user) throw notFound("user");
    requireGrant(ctx.actor, user.role);
    requireMatch(ctx, user.version);
    if (password !== undefined) requireOwnPassword("/password", password, user.email);
    const initialPassword = password === undefined ? newInitialPassword() : null;
    const passwordHash = await hashPassword(password ?? initialPassword ?? "");
    await ctx.tx.user.update({
      where: { id },
      data: { passwordHash, failedSignIns: 0, lockedUntil: null, version: { increment: 1 } },
    });
    await ctx.tx.session.updateMany({ where: { userId: id, revokedAt: null }, data: { revokedAt: ctx.now() } });
    return { output: { initialPassword }, audit: { resource: "user", id, name: user.email } };
  },
});
