import { z } from "zod";
import { Timestamp } from "../../contract/names.ts";
import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";

/** How long a sign-in lasts, however busy the session is. */
export const SESSION_SECONDS = 12 * 3_600;
const OPEN_SESSIONS_MAX = 20;

/**
 * Opens a session for the acting user, whose password `lib/auth` has checked at this moment; forgets their failed
 * sign-ins, and ends the oldest sessions past the bound. The id goes into an encrypted cookie and nowhere else.
 */
export const createSession = mutation({
  name: "session.create",
  permission: "me.write",
  input: z.strictObject({}),
  output: z.object({ id: z.string(), expiresAt: Timestamp }),
  async run(ctx) {
    const userId = ctx.actor.id;
    const expiresAt = new Date(ctx.now().getTime() + SESSION_SECONDS * 1_000);
    const { address, userAgent } = ctx;
    await ctx.tx.user.update({
      where: { id: userId },
      data: { failedSignIns: 0, lockedUntil: null, lastSignInAt: ctx.now() },
    });
    await ctx.tx.session.deleteMany({ where: { userId, expiresAt: { lt: ctx.now() } } });
    const row = await ctx.tx.session.create({ data: { id: newId("ses"), userId, address, userAgent, expiresAt } });
    const open = await ctx.tx.session.findMany({
      where: { userId, revokedAt: null },
      orderBy: { id: "desc" },
      skip: OPEN_SESSIONS_MAX,
      select: { id: true },
    });
    const surplus = open.map((session) => session.id);
    await ctx.tx.session.updateMany({ where: { id: { in: surplus } }, data: { revokedAt: ctx.now() } });
    return {
      output: { id: row.id, expiresAt: expiresAt.toISOString() },
      audit: { resource: "session", id: row.id, name: ctx.actor.name },
    };
  },
});
