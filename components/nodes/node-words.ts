import type { Tone } from "#components/ui/badge.tsx";
import type { NodeView } from "#lib/domain/node/schemas.ts";

const tones: Record<NodeView["state"], Tone> = {
  starting: "info",
  serving: "success",
  draining: "warning",
  offline: "danger",
};

/** How a node's state is shown: a drain that was asked for and not yet reported counts as one. */
export function stateOf(node: Pick<NodeView, "state" | "isDraining" | "stoppedAt">): { word: string; tone: Tone } {
  if (node.stoppedAt !== null) return { word: "stopped", tone: "neutral" };
  if (node.state === "serving" && node.isDraining) return { word: "going to drain", tone: "warning" };
  if (node.state === "draining" && !node.isDraining) return { word: "going to serve", tone: "info" };
  return { word: node.state, tone: tones[node.state] };
}

/** Which revision a node runs: "8", or "7 of 8". */
export function revisionWords({ appliedRevision, wantedRevision }: NodeView): string {
  return appliedRevision === wantedRevision ? String(appliedRevision) : `${appliedRevision} of ${wantedRevision}`;
}

/** How a node counts rate limits: "with the other nodes", "by its share, a third: the shared store is away". */
export function limitsWords({ limits }: Pick<NodeView, "limits">): string {
  if (limits === null || limits.by === "node") return "counted by itself";
  if (limits.by === "store") return "counted with the other nodes, in the shared store";
  if (limits.nodes === null)
    return "the shared store is away: counted whole by itself, how many nodes serve is not known";
  return limits.nodes === 1
    ? "the shared store is away: counted by itself, no other node serves"
    : `the shared store is away: counted by its share, 1 of ${limits.nodes}`;
}
