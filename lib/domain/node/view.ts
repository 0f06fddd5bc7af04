import { z } from "zod";
import type { Node } from "#prisma/generated/client.ts";
import { canonicalJson, sha256Hex } from "../../contract/canonical.ts";
import { HealthEntry } from "../../contract/node-event.ts";
import { LimitsCounted, Rejection, Utilisation } from "../../contract/node-protocol.ts";
import type { Tx } from "../../db/client.ts";
import type { NodeView } from "./schemas.ts";

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
export function nodeView(row: Node, wanted: Wanted, now: Date): NodeView {
  const silentMs = row.lastSeenAt ? now.getTime() - row.lastSeenAt.getTime() : Number.POSITIVE_INFINITY;
  return {
    id: row.id,
    name: row.name,
    group: row.group,
    state: silentMs > OFFLINE_AFTER_MS ? "offline" : ReportedState.parse(row.state),
    isDraining: row.isDraining,
    version: row.softwareVersion,
    appliedRevision: row.appliedRevision,
    wantedRevision: wanted.revision,
    rejected: Rejection.nullable().parse(row.rejected),
    directoryCursor: Number(row.directoryCursor),
    directoryHead: wanted.directoryHead,
    credentialVersion: row.credentialVersion,
    utilisation: Utilisation.nullable().parse(row.utilisation),
    health: z.array(HealthEntry).parse(row.health),
    limits: LimitsCounted.nullable().parse(row.limits),
    clockSkewMs: row.clockSkewMs,
    joinedAt: row.joinedAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    etag: nodeEtag(row),
  };
}

/** Changes with the fields that a person may change; a report leaves it alone. */
export function nodeEtag({ name, isDraining }: { name: string; isDraining: boolean }): string {
  return `"${sha256Hex(canonicalJson({ name, isDraining })).slice(0, 16)}"`;
}
