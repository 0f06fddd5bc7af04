"use client";
import { useState } from "react";
import type { z } from "zod";
import { TeamsField } from "#components/choices/teams-field.tsx";
import { FormInput, FormSelect } from "#components/forms/form-controls.tsx";
import { FormField } from "#components/forms/form-field.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { InitialPassword } from "#components/members/initial-password.tsx";
import { grantableRoles } from "#components/members/member-fields.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { useViewer } from "#components/viewer/viewer.tsx";
import { type UserCreated, UserFields } from "#lib/domain/user/schemas.ts";
import { useCreateUser } from "#lib/query/users.ts";

const formId = "add-member";
type Created = z.output<typeof UserCreated>;

/** Adds a person, then shows their first password, once. */
export function AddMemberDialog({ onClose }: { onClose: () => void }) {
  const [created, setCreated] = useState<Created | null>(null);
  if (created?.initialPassword) {
    return (
      <InitialPassword
        title={`${created.name} may sign in now`}
        email={created.email}
        password={created.initialPassword}
        onClose={onClose}
      />
    );
  }
  return <AddForm onClose={onClose} onCreated={setCreated} />;
}

function AddForm({ onClose, onCreated }: { onClose: () => void; onCreated: (created: Created) => void }) {
  const create = useCreateUser();
  const viewer = useViewer();
  const state = useResourceForm({
    schema: UserFields,
    defaultValues: { email: "", name: "", role: "developer", teamIds: [] },
    onSubmit: async (values) => onCreated(await create.mutateAsync(values)),
  });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Add member"
      description="They get a first password, shown once, and change it under their account."
      footer={
        <>
          <Button onClick={onClose} disabled={create.isPending}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" isPending={create.isPending}>
            Add member
          </Button>
        </>
      }
    >
      <ResourceForm id={formId} state={state} submitLabel="Add member" isFooterShown={false} isGuarded={false}>
        <FormInput state={state} name="name" label="Name" isRequired input={{ autoComplete: "off" }} />
        <FormInput
          state={state}
          name="email"
          label="E-mail"
          isRequired
          hint="What they sign in with. No mail is sent."
          input={{ type: "email", autoComplete: "off", autoCapitalize: "none", spellCheck: false }}
        />
        <FormSelect state={state} name="role" label="Role" isRequired options={grantableRoles(viewer.role)} />
        <FormField
          state={state}
          name="teamIds"
          label="Teams"
          isOptionalShown
          hint="A developer reaches what these teams own. Other roles reach everything."
        >
          {(control, field) => (
            <TeamsField control={control} known={[]} value={field.value ?? []} onValueChange={field.onChange} />
          )}
        </FormField>
      </ResourceForm>
    </Dialog>
  );
}
