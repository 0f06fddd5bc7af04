import { z } from "zod";
import { mutation } from "../verb.ts";

const FREE_FAILURES = 5;
const LOCK_MS_MIN = 1_000;
const LOCK_MS_MAX = 15 * 60_000;

/** How long an account stays shut after so many wrong passwords in a row: from the fifth on 1 s, doubling, up to 15 minutes. */
export function lockMs(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(LOCK_MS_MAX, LOCK_MS_MIN * 2 ** (failures - FREE_FAILURES));
}

/** What the sign-in needs to know of an account; null for none, a disabled or a locked one. */
const Account = z.object({ userId: z.string(), passwordHash: z.string() }).nullable();

/**
 * Counts a sign-in as failed before its password is looked at, under a lock on the account's row, so that guesses
 * made at the same moment cannot slip past the bound. A right password takes the count back (`createSession`).
 */
export const beginSignIn = mutation({
  name: "session.attempt",
  permission: "me.write",
  input: z.strictObject({ email: z.string() }),
  output: Account,
  async run(ctx, { email }) {
    await ctx.tx.$queryRaw`SELECT "id" FROM "user" WHERE "email" = ${email} FOR UPDATE`;
    const user = await ctx.tx.user.findUnique({ where: { email }, omit: { passwordHash: false } });
    const now = ctx.now();
    if (!user?.passwordHash || user.disabledAt || (user.lockedUntil && user.lockedUntil > now))
      return { output: null, audit: "unchanged" };
    const failedSignIns = user.failedSignIns + 1;
    const locked = lockMs(failedSignIns);
    const lockedUntil = locked > 0 ? new Date(now.getTime() + locked) : null;
    await ctx.tx.user.update({ where: { id: user.id }, data: { failedSignIns, lockedUntil } });
    return { output: { userId: user.id, passwordHash: user.passwordHash }, audit: "unchanged" };
  },
});
