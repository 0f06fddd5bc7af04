"use client";
import { z } from "zod";
import { FormInput } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { DisplayName } from "#lib/contract/names.ts";
import type { NodeView } from "#lib/domain/node/schemas.ts";
import { useUpdateNode } from "#lib/query/nodes.ts";

const Values = z.object({ name: DisplayName });

/** Gives a node another name. `node` null keeps the dialog closed. */
export function RenameNode({ node, onClose }: { node: NodeView | null; onClose: () => void }) {
  return (
    <Dialog
      isOpen={node !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`Rename “${node?.name ?? ""}”`}
      size="sm"
    >
      {node ? <RenameForm key={node.id} node={node} onClose={onClose} /> : null}
    </Dialog>
  );
}

function RenameForm({ node, onClose }: { node: NodeView; onClose: () => void }) {
  const update = useUpdateNode();
  const state = useResourceForm({
    schema: Values,
    defaultValues: { name: node.name },
    onSubmit: async ({ name }) => {
      await update.mutateAsync({ id: node.id, patch: { name } });
      toast.success("Node renamed", { description: `“${node.name}” is called “${name}” now.` });
      onClose();
    },
  });
  return (
    <ResourceForm state={state} submitLabel="" isFooterShown={false} isGuarded={false}>
      <FormInput state={state} name="name" label="Name" isRequired input={{ autoComplete: "off" }} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={state.form.formState.isSubmitting}>
          Rename
        </Button>
      </div>
    </ResourceForm>
  );
}
