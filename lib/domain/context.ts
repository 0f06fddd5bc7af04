import type { Permission, Role } from "../contract/permissions.ts";
import type { Database, Tx } from "../db/client.ts";

/** Who acts, however they proved it. Nothing past this point knows about sessions, headers or secrets. */
export interface Actor {
  kind: "user" | "managementToken" | "node" | "system";
  id: string;
  /** For people to read in the audit. */
  name: string;
  role: Role | null;
  permissions: ReadonlySet<Permission>;
  /** The teams this actor may touch, or the whole organisation. */
  scope: "organisation" | { teamIds: readonly string[] };
}

/** What every verb is given: who asks, on what occasion, and where the data is. */
export interface Context {
  actor: Actor;
  requestId: string;
  address: string | null;
  userAgent: string | null;
  database: Database;
  /** The console session the request came with, if any. */
  sessionId?: string | undefined;
  /** Set inside another verb's transaction: the inner verb joins it. */
  tx?: Tx;
  /** The ETag that `If-Match` demands the changed thing to have, quotes included; undefined when none was sent or it was `*`. */
  ifMatch?: string | undefined;
  /** Aborted when whoever asked has gone; only a verb that takes long looks at it. */
  signal?: AbortSignal | undefined;
  now(): Date;
}

/** The control plane acting by itself: jobs, node ingest, first start. */
export function systemContext(database: Database, requestId: string, now: () => Date = () => new Date()): Context {
  const actor: Actor = {
    kind: "system",
    id: "system",
    name: "Turnpike",
    role: "owner",
    permissions: new Set(),
    scope: "organisation",
  };
  return { actor, requestId, address: null, userAgent: null, database, now };
}
