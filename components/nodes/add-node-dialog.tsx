"use client";
import { useState } from "react";
import type { z } from "zod";
import { FormInput } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { JoinCommand } from "#components/nodes/join-command.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { JoinTokenInput, type JoinTokenIssued } from "#lib/domain/join-token/schemas.ts";
import { useCreateJoinToken } from "#lib/query/join-tokens.ts";

const Values = JoinTokenInput.extend({
  name: JoinTokenInput.shape.name.unwrap(),
  group: JoinTokenInput.shape.group.unwrap(),
}).pick({ name: true, group: true });

type Issued = z.infer<typeof JoinTokenIssued>;

/** Makes a one-use token and shows the command to start a node with, until the node has joined. */
export function AddNodeDialog({ onClose }: { onClose: () => void }) {
  const [issued, setIssued] = useState<Issued | null>(null);
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Add a node"
      description={
        issued
          ? "Run this where the node is to be. The token works once, and is shown this once."
          : "A node needs a token to join: good for one node and for ten minutes."
      }
      size="lg"
      footer={issued ? <Button onClick={onClose}>Done</Button> : null}
    >
      {issued ? <JoinCommand issued={issued} /> : <TokenForm onIssued={setIssued} onCancel={onClose} />}
    </Dialog>
  );
}

function TokenForm({ onIssued, onCancel }: { onIssued: (issued: Issued) => void; onCancel: () => void }) {
  const create = useCreateJoinToken();
  const state = useResourceForm({
    schema: Values,
    defaultValues: { name: "node", group: "default" },
    onSubmit: async (values) => onIssued(await create.mutateAsync(values)),
  });
  return (
    <ResourceForm state={state} submitLabel="" isFooterShown={false} isGuarded={false}>
      <div className="grid gap-4 sm:grid-cols-2">
        <FormInput
          state={state}
          name="name"
          label="Token's name"
          isRequired
          hint="To know it again in the list of tokens."
          input={{ autoComplete: "off" }}
        />
        <FormInput
          state={state}
          name="group"
          label="Group"
          isRequired
          hint="Lower-case letters, digits and -."
          input={{ autoComplete: "off", spellCheck: false }}
        />
      </div>
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={state.form.formState.isSubmitting}>
          Make the token
        </Button>
      </div>
    </ResourceForm>
  );
}
