import type { Team } from "#prisma/generated/client.ts";
import { etagOf } from "../etag.ts";
import type { TeamView } from "./schemas.ts";

export const TEAM_COUNTS = { _count: { select: { consumers: true, members: true } } } as const;

/** What anyone who may read a team sees of it. */
export function teamView(row: Team & { _count: { consumers: number; members: number } }): TeamView {
  return {
    id: row.id,
    name: row.name,
    consumers: row._count.consumers,
    members: row._count.members,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    etag: etagOf(row.version),
  };
}
