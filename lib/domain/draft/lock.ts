import type { Permission } from "../../contract/permissions.ts";
import type { Tx } from "../../db/client.ts";

/** What edits the draft, whatever verb does it. */
const EDITS: ReadonlySet<Permission> = new Set(["plan.write", "upstream.write", "route.write", "price.write"]);

/** Any constant that nobody else locks. */
const DRAFT_LOCK = 7_185_203_313;

/** Lets a verb that edits the draft begin, beside all other edits, once nobody is discarding. Until the transaction ends. */
export async function awaitDraft(tx: Tx, permission: Permission): Promise<void> {
  if (EDITS.has(permission)) await tx.$queryRaw`SELECT pg_advisory_xact_lock_shared(${DRAFT_LOCK})::text`;
}

/**
 * Waits until no edit is under way, and lets none begin until the transaction ends: what a discard has seen is all that it
 * takes away. An edit that waits finds the state afterwards, and is refused where it builds on another.
 */
export async function closeDraft(tx: Tx): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(${DRAFT_LOCK})::text`;
}
