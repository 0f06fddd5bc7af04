"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import type { DraftView } from "#lib/domain/draft/schemas.ts";
import { useDiscardDraft } from "#lib/query/draft.ts";

/** Asks before every unpublished edit is thrown away. */
export function DiscardDraft({ draft, isOpen, onClose }: { draft: DraftView; isOpen: boolean; onClose: () => void }) {
  const discard = useDiscardDraft();
  const edits = draft.changes.filter((change) => change.resource !== "price" || change.lastEdit !== null);
  const count = edits.length === 1 ? "1 change" : `${edits.length} changes`;
  const back =
    draft.base === 0 ? "Nothing is left of the policy" : `The policy is what revision ${draft.base} says again`;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onOpenChange={(next) => !next && onClose()}
      title={`Discard ${count}?`}
      consequence={`${back}: ${named(edits)}. Everybody's edits go, and they cannot be brought back. Nodes notice nothing.`}
      confirmLabel="Discard the draft"
      describeError={describeProblem}
      onConfirm={async () => {
        await discard.mutateAsync({ etag: draft.etag });
        toast.success("Draft discarded", { description: `${count} thrown away.` });
      }}
    />
  );
}

const namedMax = 4;
const words = { add: "added", update: "changed", remove: "removed" } as const;

function named(edits: DraftView["changes"]): string {
  const shown = edits.slice(0, namedMax).map((edit) => `${edit.resource} ${edit.name} (${words[edit.op]})`);
  const rest = edits.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
