import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { removeNode } from "../node/index.ts";

const HOUR_MS = 3_600_000;
/** After its last report. */
const STOPPED_MS = HOUR_MS;
/** Without a report, and without a last one: it died, or its cluster is away. */
const SILENT_MS = 24 * HOUR_MS;
/** At once, so that none runs long. */
const BATCH = 50;

/**
 * Removes the nodes of pods that are gone: a pod never comes back as the node that it was, and a name that nothing is
 * behind tells nobody anything. Only in groups that Kubernetes runs. Returns whether there may be more.
 */
export async function removeGoneNodes(ctx: Context & { tx: Tx }): Promise<boolean> {
  const nowMs = ctx.now().getTime();
  const [stoppedBefore, silentSince] = [new Date(nowMs - STOPPED_MS), new Date(nowMs - SILENT_MS)];
  const rows = await ctx.tx.$queryRaw<{ id: string }[]>`
    SELECT node.id FROM node JOIN node_group ON node_group.name = node."group"
    WHERE node_group.driver->>'kind' = 'kubernetes' AND node.revoked_at IS NULL
      AND (node.stopped_at < ${stoppedBefore} OR coalesce(node.last_seen_at, node.joined_at) < ${silentSince})
    ORDER BY node.id LIMIT ${BATCH}`;
  for (const { id } of rows) await removeNode(ctx, { id });
  return rows.length === BATCH;
}
