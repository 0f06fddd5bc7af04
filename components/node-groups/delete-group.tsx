"use client";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import type { NodeGroupView } from "#lib/domain/node-group/schemas.ts";
import { useDeleteNodeGroup } from "#lib/query/node-groups.ts";

/** Asks before a group goes. `group` null keeps the dialog closed. */
export function DeleteGroup({
  group,
  onClose,
  onDeleted,
}: {
  group: NodeGroupView | null;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const remove = useDeleteNodeGroup();
  return (
    <ConfirmDialog
      isOpen={group !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Delete the group “${group?.name ?? ""}”?`}
      consequence="Its scaling policy and its story go. A group with nodes or open join tokens stays: remove those first."
      confirmLabel="Delete group"
      describeError={describeProblem}
      onConfirm={async () => {
        if (!group) return;
        await remove.mutateAsync({ id: group.id, etag: group.etag });
        toast.success("Group deleted");
        onDeleted();
      }}
    />
  );
}
