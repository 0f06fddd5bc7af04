"use client";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { z } from "zod";
import { FormInput, FormNumber } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { JoinCommand } from "#components/nodes/join-command.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { GROUP_TTL_SECONDS_MAX, JoinTokenFields, type JoinTokenIssued } from "#lib/domain/join-token/schemas.ts";
import { useCreateJoinToken } from "#lib/query/join-tokens.ts";

const DAY_SECONDS = 86_400;
const { shape } = JoinTokenFields;
const Values = z
  .object({
    name: shape.name.unwrap(),
    group: shape.group.unwrap(),
    kind: z.enum(["one", "group"]),
    usesMax: shape.usesMax.unwrap(),
    days: z
      .number()
      .int()
      .min(1)
      .max(GROUP_TTL_SECONDS_MAX / DAY_SECONDS),
  })
  .transform(({ name, group, kind, usesMax, days }) => ({
    name,
    group,
    ...(kind === "one" ? {} : { usesMax, ttlSeconds: days * DAY_SECONDS }),
  }));

type Issued = z.infer<typeof JoinTokenIssued>;

/** Makes a token and shows the command to start a node with, until the node has joined. */
export function AddNodeDialog({ onClose }: { onClose: () => void }) {
  const [issued, setIssued] = useState<Issued | null>(null);
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Add a node"
      description={
        issued
          ? "Run this where the node is to be. The token is shown this once."
          : "A node needs a token to join: good for one node and ten minutes, or for a group that grows by itself."
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
    defaultValues: { name: "node", group: "default", kind: "one", usesMax: 10, days: 7 },
    onSubmit: async (values) => onIssued(await create.mutateAsync(values)),
  });
  const kind = useWatch({ control: state.form.control, name: "kind" });
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
      <RadioGroup
        label="Good for"
        value={kind}
        onValueChange={(next) => state.form.setValue("kind", next, { shouldDirty: true })}
        options={[
          { value: "one", label: "One node", hint: "Within ten minutes, then it is worth nothing." },
          {
            value: "group",
            label: "Several nodes of the group",
            hint: "For machines that are started by an autoscaler. Whoever has it can join until it is used up, expires or is deleted.",
          },
        ]}
      />
      {kind === "group" ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <FormNumber state={state} name="usesMax" label="Nodes at most" isRequired />
          <FormNumber state={state} name="days" label="Lasts" suffix="days" isRequired hint="At most 90." />
        </div>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={state.form.formState.isSubmitting}>
          Make the token
        </Button>
      </div>
    </ResourceForm>
  );
}
