"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { toast } from "#components/ui/toast.ts";
import type { NodeView } from "#lib/domain/node/schemas.ts";
import { useUpdateNode } from "#lib/query/nodes.ts";

/** Keeps canaries away from a node, or lets it take them again. It serves either way. */
export function useQuarantine(): (node: NodeView) => Promise<void> {
  const update = useUpdateNode();
  return async ({ id, name, isQuarantined }) => {
    try {
      await update.mutateAsync({ id, patch: { isQuarantined: !isQuarantined } });
      toast.success(isQuarantined ? `“${name}” takes canaries again` : `“${name}” takes no canary`);
    } catch (error) {
      toast.error("Nothing was changed", { description: describeProblem(error) });
    }
  };
}
