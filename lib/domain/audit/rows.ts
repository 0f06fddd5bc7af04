import { Prisma } from "#prisma/generated/client.ts";
import { AuditView } from "./schemas.ts";

/** An entry with its personal half and its seal, where these exist. */
export interface AuditRow {
  id: string;
  at: Date;
  actor_kind: string;
  actor_id: string;
  actor_name: string | null;
  address: string | null;
  user_agent: string | null;
  action: string;
  outcome: string;
  resource: string;
  resource_id: string;
  resource_name: string;
  team_id: string | null;
  request_id: string;
  before: unknown;
  after: unknown;
  sequence: bigint | null;
  hash: string | null;
}

export const AUDIT_ROWS = Prisma.sql`
  SELECT entry.id, entry.at, entry.actor_kind, entry.actor_id, personal.actor_name, personal.address,
    personal.user_agent, entry.action, entry.outcome, entry.resource, entry.resource_id, entry.resource_name,
    entry.team_id, entry.request_id, entry.before, entry.after, seal.sequence, seal.hash
  FROM audit_entry entry
  LEFT JOIN audit_personal personal ON personal.entry_id = entry.id
  LEFT JOIN audit_seal seal ON seal.entry_id = entry.id`;

/** An entry for those who may read the audit. */
export function auditView(row: AuditRow): AuditView {
  return AuditView.parse({
    id: row.id,
    at: row.at.toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    address: row.address,
    userAgent: row.user_agent,
    action: row.action,
    outcome: row.outcome,
    resource: row.resource,
    resourceId: row.resource_id,
    resourceName: row.resource_name,
    teamId: row.team_id,
    requestId: row.request_id,
    before: row.before,
    after: row.after,
    seal: row.sequence === null ? null : { sequence: Number(row.sequence), hash: row.hash },
  });
}
