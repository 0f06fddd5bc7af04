"use client";
import { TeamsField } from "#components/choices/teams-field.tsx";
import { FormInput, FormSelect } from "#components/forms/form-controls.tsx";
import { FormField } from "#components/forms/form-field.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { grantableRoles } from "#components/members/member-fields.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { useViewer } from "#components/viewer/viewer.tsx";
import { UserFields, type UserView } from "#lib/domain/user/schemas.ts";
import { useUpdateUser } from "#lib/query/users.ts";

const formId = "edit-member";

/** Changes a person's name, e-mail, role or teams: in force at their next click. */
export function EditMemberDialog({ user, onClose }: { user: UserView; onClose: () => void }) {
  const update = useUpdateUser();
  const viewer = useViewer();
  const state = useResourceForm({
    schema: UserFields,
    defaultValues: { email: user.email, name: user.name, role: user.role, teamIds: user.teams.map(({ id }) => id) },
    onSubmit: async (patch) => {
      await update.mutateAsync({ user, patch });
      toast.success("Saved", { description: "In force at their next click." });
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`Edit ${user.name}`}
      footer={
        <>
          <Button onClick={onClose} disabled={update.isPending}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" isPending={update.isPending}>
            Save
          </Button>
        </>
      }
    >
      <ResourceForm id={formId} state={state} submitLabel="Save" isFooterShown={false} isGuarded={false}>
        <FormInput state={state} name="name" label="Name" isRequired input={{ autoComplete: "off" }} />
        <FormInput
          state={state}
          name="email"
          label="E-mail"
          isRequired
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
            <TeamsField control={control} known={user.teams} value={field.value ?? []} onValueChange={field.onChange} />
          )}
        </FormField>
      </ResourceForm>
    </Dialog>
  );
}
