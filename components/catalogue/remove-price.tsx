"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import type { CatalogueModel } from "#lib/domain/model/schemas.ts";
import { useDeletePrice } from "#lib/query/catalogue.ts";

/** Asks before a price that was set here leaves the draft. `model` null keeps the dialog closed. */
export function RemovePrice({ model, onClose }: { model: CatalogueModel | null; onClose: () => void }) {
  const remove = useDeletePrice();
  const saved = useSavedToDraft();
  return (
    <ConfirmDialog
      isOpen={model !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Take back the price of “${model?.model ?? ""}”?`}
      consequence="From the next publish on it costs what the price list says; calls that were made keep their cost."
      confirmLabel="Take back"
      describeError={describeProblem}
      onConfirm={async () => {
        if (!model?.override) return;
        await remove.mutateAsync(model.override);
        saved(`The price of “${model.model}” is taken back.`);
      }}
    />
  );
}
