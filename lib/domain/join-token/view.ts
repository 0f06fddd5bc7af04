import type { JoinToken } from "#prisma/generated/client.ts";
import type { JoinTokenView } from "./schemas.ts";

/** A join token without its secret. */
export function joinTokenView(row: Omit<JoinToken, "sha256">, now: Date): JoinTokenView {
  const { usesMax, uses } = row;
  const isExpired = row.expiresAt <= now;
  const state = uses >= usesMax ? "used" : isExpired ? "expired" : uses > 0 ? "in_use" : "unused";
  const times = {
    expiresAt: row.expiresAt.toISOString(),
    usedAt: row.usedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
  return { id: row.id, name: row.name, group: row.group, state, usesMax, uses, nodeId: row.nodeId, ...times };
}
