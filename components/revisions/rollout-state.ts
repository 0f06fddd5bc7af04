import type { NodeView } from "#lib/domain/node/schemas.ts";

/** Where one node is with the revision it is to run. */
export type NodeRollout = "applied" | "applying" | "rejected" | "offline";

/** A node that refused stays on its last good revision; one that does not report may run either. */
export function nodeRollout(node: NodeView): NodeRollout {
  if (node.appliedRevision === node.wantedRevision) return node.state === "offline" ? "offline" : "applied";
  if (node.rejected?.revision === node.wantedRevision) return "rejected";
  return node.state === "offline" ? "offline" : "applying";
}

/** Where all nodes are. `isUnderWay` while at least one that reports has yet to apply the wanted revision. */
export interface Rollout {
  wanted: number;
  nodes: readonly { node: NodeView; rollout: NodeRollout }[];
  counts: Record<NodeRollout, number>;
  isUnderWay: boolean;
  /** While a canary is under way: how many nodes take it, and which revision the others are to run. */
  canary: { nodes: number; others: number } | null;
}

/** Sums up where the nodes are. */
export function rolloutOf(nodes: readonly NodeView[]): Rollout {
  const counts: Record<NodeRollout, number> = { applied: 0, applying: 0, rejected: 0, offline: 0 };
  const judged = nodes.map((node) => ({ node, rollout: nodeRollout(node) }));
  for (const { rollout } of judged) counts[rollout] += 1;
  const wanted = nodes.reduce((most, node) => Math.max(most, node.wantedRevision), 0);
  const others = nodes.reduce((least, node) => Math.min(least, node.wantedRevision), wanted);
  const taking = nodes.filter((node) => node.wantedRevision === wanted).length;
  const canary = others === wanted ? null : { nodes: taking, others };
  return { wanted, nodes: judged, counts, isUnderWay: counts.applying > 0, canary };
}
