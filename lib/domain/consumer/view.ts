import type { Consumer } from "#prisma/generated/client.ts";
import type { DirectoryConsumer } from "../../contract/directory.ts";
import { etagOf } from "../etag.ts";
import type { ConsumerView } from "./schemas.ts";

export const CONSUMER_PARTS = {
  team: { select: { name: true } },
  _count: { select: { apiKeys: { where: { revokedAt: null } } } },
} as const;
export type ConsumerRow = Consumer & { team: { name: string }; _count: { apiKeys: number } };

/** A consumer for those who may read it. `planNames`: names of the active revision's plans by id. */
export function consumerView(row: ConsumerRow, planNames: ReadonlyMap<string, string>): ConsumerView {
  return {
    id: row.id,
    name: row.name,
    teamId: row.teamId,
    teamName: row.team.name,
    planId: row.planId,
    planName: planNames.get(row.planId) ?? null,
    suspended: row.suspendedAt !== null,
    suspendedReason: row.suspendedReason,
    suspendedAt: row.suspendedAt?.toISOString() ?? null,
    apiKeys: row._count.apiKeys,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    etag: etagOf(row.version),
  };
}

/** A consumer as nodes see it. */
export function directoryConsumer(row: Consumer): DirectoryConsumer {
  return {
    id: row.id,
    name: row.name,
    teamId: row.teamId,
    planId: row.planId,
    suspendedReason: row.suspendedAt === null ? null : (row.suspendedReason ?? ""),
    minRevision: row.minRevision,
  };
}
