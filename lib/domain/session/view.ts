import type { Session } from "#prisma/generated/client.ts";
import type { Context } from "../context.ts";
import type { SessionView } from "./schemas.ts";

export const SESSION_PARTS = { user: { select: { email: true, role: true } } } as const;

/** What its owner and user administrators see of a session. */
export function sessionView(row: Session & { user: { email: string } }, ctx: Context): SessionView {
  return {
    id: row.id,
    userId: row.userId,
    userName: row.user.email,
    address: row.address,
    userAgent: row.userAgent,
    current: row.id === ctx.sessionId,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
