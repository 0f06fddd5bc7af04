import type { Tx } from "../../db/client.ts";
import { offeredRevisions } from "./offered-revision.ts";
import { wantedNow } from "./view.ts";

/** A node as its stream needs to know it. */
export interface StreamedNode {
  readonly id: string;
  readonly group: string;
  readonly isDraining: boolean;
  readonly rejectedRevisions: readonly number[];
  readonly sealingKey: unknown;
  /** The revision it is to have; 0 for none yet. */
  readonly offered: number;
}

/** What the streams of a process tell their nodes, at one moment. */
export interface FleetState {
  readonly epoch: number;
  readonly newestRevision: number;
  readonly directoryHead: number;
  readonly credentialVersion: number;
  /** The nodes that were asked for; one that is missing was removed. */
  readonly nodes: ReadonlyMap<string, StreamedNode>;
}

/** Reads what these nodes are to be told. */
export async function readFleetState(tx: Tx, nodeIds: readonly string[]): Promise<FleetState> {
  const { epoch } = await tx.installation.findUniqueOrThrow({ where: { id: 1 } });
  const { revision, directoryHead } = await wantedNow(tx);
  const credential = await tx.sequence.findUniqueOrThrow({ where: { name: "credential" } });
  const rows = await tx.node.findMany({
    where: { id: { in: [...nodeIds] }, revokedAt: null },
    select: { id: true, group: true, isDraining: true, rejectedRevisions: true, sealingKey: true },
  });
  const offered = await offeredRevisions(tx, rows);
  return {
    epoch,
    newestRevision: revision,
    directoryHead,
    credentialVersion: Number(credential.value),
    nodes: new Map(rows.map((row) => [row.id, { ...row, offered: offered.get(row.id) ?? 0 }])),
  };
}
