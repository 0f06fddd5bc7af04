"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import type { PlanView } from "#lib/domain/plan/schemas.ts";
import { useDeletePlan } from "#lib/query/plans.ts";

/** Asks before a plan leaves the draft. `plan` null keeps the dialog closed. */
export function DeletePlan({
  plan,
  onClose,
  onDeleted,
}: {
  plan: PlanView | null;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  const remove = useDeletePlan();
  const saved = useSavedToDraft();
  return (
    <ConfirmDialog
      isOpen={plan !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Delete the plan “${plan?.name ?? ""}”?`}
      consequence={consequence(plan?.consumers ?? 0)}
      confirmLabel="Delete plan"
      describeError={describeProblem}
      onConfirm={async () => {
        if (!plan) return;
        await remove.mutateAsync({ id: plan.id, etag: plan.etag });
        saved(`The plan “${plan.name}” is taken out.`);
        onDeleted?.();
      }}
    />
  );
}

function consequence(consumers: number): string {
  if (consumers === 0) return "No consumer is on it. It leaves the draft now and the nodes with the next publish.";
  const who = consumers === 1 ? "1 consumer is" : `${consumers} consumers are`;
  return `${who} on it: until they move to another plan, the draft cannot be published. Nothing changes on the nodes before that.`;
}
