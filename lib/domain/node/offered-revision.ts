import type { Tx } from "../../db/client.ts";
import { openRollout } from "../rollout/open.ts";

/** Who is offered a revision. */
export interface OfferedTo {
  readonly id: string;
  readonly group: string;
}

/**
 * The revision that each of these nodes is to have, by node id; 0 before the first. The newest, but while a canary is
 * under way, the one before it for every node that does not take the canary. One reading for all of them.
 */
export async function offeredRevisions(tx: Tx, nodes: readonly OfferedTo[]): Promise<ReadonlyMap<string, number>> {
  const open = await openRollout(tx);
  if (open) {
    const enrolled = await tx.rolloutNode.findMany({
      where: { rolloutId: open.id, isCanary: true },
      select: { nodeId: true },
    });
    const canary = new Set(enrolled.map(({ nodeId }) => nodeId));
    return new Map(nodes.map(({ id }) => [id, canary.has(id) ? open.revision : open.baseline]));
  }
  const newest = await tx.revision.aggregate({ _max: { number: true } });
  return new Map(nodes.map(({ id }) => [id, newest._max.number ?? 0]));
}
