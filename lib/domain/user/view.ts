import type { Prisma } from "#prisma/generated/client.ts";
import { etagOf } from "../etag.ts";
import { Role, type UserView } from "./schemas.ts";

export const USER_PARTS = {
  teams: { include: { team: { select: { id: true, name: true } } }, orderBy: { teamId: "asc" } },
} as const;
export type UserRow = Prisma.UserGetPayload<{ include: typeof USER_PARTS; omit: { passwordHash: true } }>;

/** What anyone who may read users sees of one. */
export function userView(row: UserRow, now: Date): UserView {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: Role.parse(row.role),
    teams: row.teams.map((member) => member.team),
    disabled: row.disabledAt !== null,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    lockedUntil: row.lockedUntil && row.lockedUntil > now ? row.lockedUntil.toISOString() : null,
    lastSignInAt: row.lastSignInAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    etag: etagOf(row.version),
  };
}
