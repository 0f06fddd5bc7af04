import { z } from "zod";
import { query } from "../verb.ts";

/** The person behind an open session, as they are at this moment. */
export const SessionHolder = z.object({
  id: z.string(),
  email: z.string(),
  role: z.string(),
  teamIds: z.array(z.string()),
});
export type SessionHolder = z.infer<typeof SessionHolder>;

/**
 * Who holds a session, read anew for every request: an ended or expired session, and one of a disabled user, has no
 * holder. For the control plane itself.
 */
export const resolveSession = query({
  name: "session.resolve",
  permission: "user.read",
  input: z.strictObject({ id: z.string() }),
  output: SessionHolder.nullable(),
  async run(ctx, { id }) {
    const row = await ctx.tx.session.findUnique({
      where: { id, revokedAt: null, expiresAt: { gt: ctx.now() }, user: { disabledAt: null } },
      include: { user: { include: { teams: true } } },
    });
    if (!row) return null;
    const { id: userId, email, role, teams } = row.user;
    return { id: userId, email, role, teamIds: teams.map((member) => member.teamId) };
  },
});

/** The same for a user whose password was just checked. */
export const resolveUser = query({
  name: "user.resolve",
  permission: "user.read",
  input: z.strictObject({ id: z.string() }),
  output: SessionHolder.nullable(),
  async run(ctx, { id }) {
    const user = await ctx.tx.user.findUnique({ where: { id, disabledAt: null }, include: { teams: true } });
    if (!user) return null;
    return { id, email: user.email, role: user.role, teamIds: user.teams.map((member) => member.teamId) };
  },
});
