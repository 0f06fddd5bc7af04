import { z } from "zod";
import type { Node } from "#prisma/generated/client.ts";
import { canonicalJson, sha256Hex } from "../../contract/canonical.ts";
import { HealthEntry } from "../../contract/node-event.ts";
import { LimitsCounted, Rejection, Utilisation } from "../../contract/node-protocol.ts";
import type { Tx } from "../../db/client.ts";
import { type OfferedTo, offeredRevisions } from "./offered-revision.ts";
import type { NodeView } from "./schemas.ts";
import { nodeWarnings } from "./warnings.ts";

/** Nodes report every 5 s; one that missed three reports counts as offline. */
export const OFFLINE_AFTER_MS = 16_000;

/** What nodes are to have: the newest revision, and where the directory ends. */
export interface Wanted {
  revision: number;
  directoryHead: number;
}

export async function wantedNow(tx: Tx): Promise<Wanted> {
  const newest = await tx.revision.aggregate({ _max: { number: true } });
  const directory = await tx.sequence.findUniqueOrThrow({ where: { name: "directory" } });
  return { revision: newest._max.number ?? 0, directoryHead: Number(directory.value) };
}

/** What each of these nodes is to have. */
export interface WantedBy {
  revisions: ReadonlyMap<string, number>;
  directoryHead: number;
  /** The control plane's own. */
  epoch: number;
}

/** Reads what these nodes are to have. */
export async function wantedBy(tx: Tx, nodes: readonly OfferedTo[]): Promise<WantedBy> {
  const { directoryHead } = await wantedNow(tx);
  return { revisions: await offeredRevisions(tx, nodes), directoryHead, epoch: await epochNow(tx) };
}

/** The control plane's epoch, which rises when it is restored from a backup; 1 before its first start. */
export async function epochNow(tx: Tx): Promise<number> {
  const installation = await tx.installation.findUnique({ where: { id: 1 }, select: { epoch: true } });
  return installation?.epoch ?? 1;
}

/** How many nodes of a group serve, by their last reports; at least the one that asks. */
export async function servingNow(tx: Tx, group: string, now: Date): Promise<number> {
  const since = new Date(now.getTime() - OFFLINE_AFTER_MS);
  const serving = await tx.node.count({
    where: { group, state: "serving", revokedAt: null, lastSeenAt: { gte: since } },
  });
  return Math.max(1, serving);
}

const ReportedState = z.enum(["starting", "serving", "draining"]);

/** A node as it last reported itself, against what it is to have. */
export function nodeView(row: Node, wanted: WantedBy, now: Date): NodeView {
  const silentMs = row.lastSeenAt ? now.getTime() - row.lastSeenAt.getTime() : Number.POSITIVE_INFINITY;
  return {
    id: row.id,
    name: row.name,
    group: row.group,
    state: silentMs > OFFLINE_AFTER_MS || row.stoppedAt ? "offline" : ReportedState.parse(row.state),
    stoppedAt: row.stoppedAt?.toISOString() ?? null,
    isDraining: row.isDraining,
    isQuarantined: row.quarantinedAt !== null,
    version: row.softwareVersion,
    appliedRevision: row.appliedRevision,
    wantedRevision: wanted.revisions.get(row.id) ?? 0,
    rejected: Rejection.nullable().parse(row.rejected),
    directoryCursor: Number(row.directoryCursor),
    directoryHead: wanted.directoryHead,
    credentialVersion: row.credentialVersion,
    utilisation: Utilisation.nullable().parse(row.utilisation),
    health: z.array(HealthEntry).parse(row.health),
    limits: LimitsCounted.nullable().parse(row.limits),
    clockSkewMs: row.clockSkewMs,
    warnings: nodeWarnings(row, wanted.epoch),
    freshAt: row.freshAt?.toISOString() ?? null,
    keyChangedAt: row.keyChangedAt?.toISOString() ?? null,
    joinedAt: row.joinedAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    etag: nodeEtag(row),
  };
}

/** The fields that a person may change. */
export function changeable({ name, isDraining, quarantinedAt }: Pick<Node, "name" | "isDraining" | "quarantinedAt">) {
  return { name, isDraining, isQuarantined: quarantinedAt !== null };
}

/** Changes with the fields that a person may change; a report leaves it alone. */
export function nodeEtag(row: Pick<Node, "name" | "isDraining" | "quarantinedAt">): string {
  return `"${sha256Hex(canonicalJson(changeable(row))).slice(0, 16)}"`;
}
