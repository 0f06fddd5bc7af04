import type { ManagementToken } from "#prisma/generated/client.ts";
import { etagOf } from "../etag.ts";
import { Role } from "../user/schemas.ts";
import type { ManagementTokenView } from "./schemas.ts";

export type ManagementTokenRow = Omit<ManagementToken, "sha256">;

/** What anyone who may read management tokens sees of one. */
export function managementTokenView(row: ManagementTokenRow, now: Date): ManagementTokenView {
  return {
    id: row.id,
    name: row.name,
    role: Role.parse(row.role),
    prefix: row.prefix,
    last4: row.last4,
    state: stateOf(row, now),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    etag: etagOf(row.version),
  };
}

function stateOf(row: ManagementTokenRow, now: Date): ManagementTokenView["state"] {
  if (row.revokedAt) return "revoked";
  return row.expiresAt && row.expiresAt <= now ? "expired" : "active";
}
