import type { Tx } from "../../db/client.ts";
import { prevailingRevision } from "../rollout/open.ts";
import { RolloutState } from "../rollout/schemas.ts";

/** What is not in a revision's row, which never changes: which one most nodes run, and what became of canaries. */
export interface Place {
  prevailing: number;
  rollouts: ReadonlyMap<number, { id: string; state: RolloutState }>;
}

/** Reads it for some revisions. */
export async function placeOf(tx: Tx, numbers: number[]): Promise<Place> {
  const rows = await tx.rollout.findMany({
    where: { revision: { in: numbers } },
    select: { id: true, revision: true, state: true },
  });
  const rollouts = rows.map(({ id, revision, state }) => [revision, { id, state: RolloutState.parse(state) }] as const);
  return { prevailing: await prevailingRevision(tx), rollouts: new Map(rollouts) };
}
