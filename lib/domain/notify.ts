import type { Tx } from "../db/client.ts";

/**
 * What changed, for those who listen on other replicas. Only a hint: a listener reads the state for itself. `reports` is
 * what nodes say of themselves, `nodes` what they are told.
 */
export type ChangeTopic = "revision" | "directory" | "credentials" | "nodes" | "reports" | "usage";
export const CHANGE_CHANNEL = "turnpike_change";

/** Tells every replica at commit that something of a topic changed. The payload stays far below NOTIFY's 8,000 bytes. */
export async function notifyChange(tx: Tx, topic: ChangeTopic): Promise<void> {
  await tx.$queryRaw`SELECT pg_notify(${CHANGE_CHANNEL}, ${topic})::text`;
}
