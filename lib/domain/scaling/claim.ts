import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { inTransaction } from "../transaction.ts";

/** Longer than a look with its driver's time limits takes. A replica that died leaves its claims behind for so long. */
const CLAIM_MS = 30_000;

/** Takes every group that is scaled and that no other replica is at. Returns their ids. */
export async function claimGroups(tx: Tx, now: Date): Promise<string[]> {
  const until = new Date(now.getTime() + CLAIM_MS);
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE node_group SET claimed_until = ${until}
    WHERE scaling IS NOT NULL AND (claimed_until IS NULL OR claimed_until <= ${now})
    RETURNING id`;
  return rows.map(({ id }) => id);
}

/** Lets go of one. */
export async function releaseGroup(ctx: Context, id: string): Promise<void> {
  await inTransaction(ctx, (tx) => tx.nodeGroup.updateMany({ where: { id }, data: { claimedUntil: null } }));
}
