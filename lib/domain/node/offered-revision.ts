import type { Tx } from "../../db/client.ts";

/** Who is offered a revision. */
export interface OfferedTo {
  readonly id: string;
  readonly group: string;
}

/** The revision that each of these nodes is to have, by node id; 0 before the first. One reading for all of them. */
export async function offeredRevisions(tx: Tx, nodes: readonly OfferedTo[]): Promise<ReadonlyMap<string, number>> {
  const newest = await tx.revision.aggregate({ _max: { number: true } });
  return new Map(nodes.map(({ id }) => [id, newest._max.number ?? 0]));
}
