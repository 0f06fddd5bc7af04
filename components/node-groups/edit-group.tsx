"use client";
import { useRace } from "#components/forms/use-race.ts";
import { GroupForm } from "#components/node-groups/group-form.tsx";
import { groupFormValues } from "#components/node-groups/group-form-values.ts";
import { toast } from "#components/ui/toast.ts";
import type { NodeGroupView } from "#lib/domain/node-group/schemas.ts";
import { useReadNodeGroup, useUpdateNodeGroup } from "#lib/query/node-groups.ts";

/** The form of a group that exists. What is typed stays while the group changes underneath, and is merged with it. */
export function EditGroup({ group, onClose }: { group: NodeGroupView; onClose: () => void }) {
  const update = useUpdateNodeGroup(group.id);
  const reload = useReadNodeGroup(group.id);
  const { current, race } = useRace({ latest: group, values: groupFormValues, reload, noun: "group" });
  return (
    <GroupForm
      initial={groupFormValues(current())}
      race={race}
      isNew={false}
      submitLabel="Save"
      onCancel={onClose}
      onSubmit={async ({ name, ...patch }) => {
        await update.mutateAsync({ patch, etag: current().etag });
        toast.success("Group saved", { description: `“${name}” follows it from the scaler's next look.` });
        onClose();
      }}
    />
  );
}
