"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { toast } from "#components/ui/toast.ts";
import type { NodeView } from "#lib/domain/node/schemas.ts";
import { useUpdateNode } from "#lib/query/nodes.ts";

/** Drains a node or lets it serve again, with the way back in the toast. */
export function useDrain(): (node: NodeView) => Promise<void> {
  const update = useUpdateNode();
  const set = async (node: NodeView, isDraining: boolean) => {
    try {
      await update.mutateAsync({ id: node.id, patch: { isDraining } });
      if (!isDraining) {
        toast.success(`“${node.name}” serves again`);
        return;
      }
      toast.success(`“${node.name}” drains`, {
        description: "It takes no new calls and lets those in flight end.",
        action: { label: "Undo", onClick: () => void set(node, false) },
      });
    } catch (error) {
      toast.error("Nothing was changed", { description: describeProblem(error) });
    }
  };
  return (node) => set(node, !node.isDraining);
}
