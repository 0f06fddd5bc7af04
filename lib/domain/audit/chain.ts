import { canonicalJson, sha256Hex } from "../../contract/canonical.ts";

/** What the first seal has as its previous hash. */
export const CHAIN_START = "0".repeat(64);

/** An entry's columns as the chain covers them: all but the personal half, which is bound by its own hash. */
export interface ChainedRow {
  id: string;
  at: Date;
  actor_kind: string;
  actor_id: string;
  action: string;
  outcome: string;
  resource: string;
  resource_id: string;
  resource_name: string;
  team_id: string | null;
  request_id: string;
  before: unknown;
  after: unknown;
  personal_sha256: string;
  transaction_id: string;
}

/** The hash of an entry in its place: SHA-256 over its canonical JSON and the hash before it. */
export function chainHash(row: ChainedRow, previousHash: string): string {
  const entry = {
    id: row.id,
    at: row.at.toISOString(),
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    outcome: row.outcome,
    resource: row.resource,
    resourceId: row.resource_id,
    resourceName: row.resource_name,
    teamId: row.team_id,
    requestId: row.request_id,
    before: row.before,
    after: row.after,
    personalSha256: row.personal_sha256,
    transactionId: row.transaction_id,
  };
  return sha256Hex(canonicalJson(entry) + previousHash);
}

/** The personal half of an entry. */
export interface PersonalRow {
  salt: string;
  actor_name: string;
  address: string | null;
  user_agent: string | null;
}

/** The hash that binds the personal half to its entry; salted, so that it gives away nothing once that is destroyed. */
export function personalHash(row: PersonalRow): string {
  const personal = {
    salt: row.salt,
    actorName: row.actor_name,
    address: row.address,
    userAgent: row.user_agent,
  };
  return sha256Hex(canonicalJson(personal));
}
