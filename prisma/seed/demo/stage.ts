import type { Tx } from "#lib/db/client.ts";
import type { Context } from "#lib/domain/context.ts";

/** What the parts of the seed share: the open transaction, the moment that everything is relative to, and the people. */
export interface Stage {
  tx: Tx;
  nowMs: number;
  /** The context in which a person acts some days ago. Verbs called with it write their audit as that person. */
  as(person: string, daysAgo: number): Context;
  /** The system's own context, inside the same transaction. */
  system: Context;
}
