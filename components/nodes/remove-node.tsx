"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import type { NodeView } from "#lib/domain/node/schemas.ts";
import { useRemoveNode } from "#lib/query/nodes.ts";

/** Asks before a node loses its identity. `node` null keeps the dialog closed. */
export function RemoveNode({
  node,
  serving,
  onClose,
}: {
  node: NodeView | null;
  /** How many nodes serve now, this one included if it does. */
  serving: number;
  onClose: () => void;
}) {
  const remove = useRemoveNode();
  return (
    <ConfirmDialog
      isOpen={node !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Remove the node “${node?.name ?? ""}”?`}
      consequence={node ? consequence(node, serving) : ""}
      confirmLabel="Remove node"
      {...(node && node.state !== "offline" ? { nameToType: node.name } : {})}
      describeError={describeProblem}
      onConfirm={async () => {
        if (!node) return;
        await remove.mutateAsync({ id: node.id });
        toast.success("Node removed", { description: `“${node.name}” is refused from now on.` });
      }}
    />
  );
}

function consequence(node: NodeView, serving: number): string {
  const back = "To come back it needs a new join token.";
  if (node.stoppedAt !== null) return `It was stopped in order. It is refused if it starts again. ${back}`;
  if (node.state === "offline") return `It has not reported for a while. It is refused if it does. ${back}`;
  const inFlight = node.utilisation?.inFlight ?? 0;
  const calls = inFlight === 1 ? "1 call is in flight on it" : `${inFlight} calls are in flight on it`;
  const last = serving <= 1 && node.state === "serving" ? " It is the last one that serves: no call gets through." : "";
  return `It stops serving at once; ${calls}. Drain it first to let them end.${last} ${back}`;
}
