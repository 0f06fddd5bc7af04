"use client";
import { useState } from "react";
import type { z } from "zod";
import { ExpiryField } from "#components/choices/expiry-field.tsx";
import { FormInput, FormSelect } from "#components/forms/form-controls.tsx";
import { FormField } from "#components/forms/form-field.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { grantableRoles } from "#components/members/member-fields.ts";
import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { SecretOnce } from "#components/ui/secret-once.tsx";
import { useViewer } from "#components/viewer/viewer.tsx";
import { TEAM_SCOPED_ROLES } from "#lib/contract/permissions.ts";
import { ManagementTokenInput, type ManagementTokenIssued } from "#lib/domain/management-token/schemas.ts";
import { useCreateManagementToken } from "#lib/query/management-tokens.ts";

const formId = "create-token";
type Issued = z.output<typeof ManagementTokenIssued>;

/** Makes a token for automation and then shows its secret, once, with a call to paste. */
export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const [issued, setIssued] = useState<Issued | null>(null);
  if (!issued) return <CreateForm onClose={onClose} onIssued={setIssued} />;
  const api = `${window.location.origin}/api/v1`;
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      isDismissable={false}
      size="lg"
      title={`Management token “${issued.name}”`}
      description={`It acts as ${issued.role} from now on.`}
      footer={
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <SecretOnce label="Secret" secret={issued.secret}>
        <CodeBlock
          label="Call the management API"
          samples={[
            { language: "curl", code: `curl ${api}/me \\\n  -H "Authorization: Bearer ${issued.secret}"` },
            { language: "env", code: `TURNPIKE_URL=${window.location.origin}\nTURNPIKE_TOKEN=${issued.secret}` },
          ]}
        />
      </SecretOnce>
    </Dialog>
  );
}

function CreateForm({ onClose, onIssued }: { onClose: () => void; onIssued: (issued: Issued) => void }) {
  const create = useCreateManagementToken();
  const viewer = useViewer();
  // A token belongs to no team: one with a team-scoped role would own nothing.
  const roles = grantableRoles(viewer.role).filter(({ value }) => !TEAM_SCOPED_ROLES.has(value));
  const state = useResourceForm({
    schema: ManagementTokenInput,
    defaultValues: { name: "", role: "operator", expiresAt: null },
    onSubmit: async (values) => onIssued(await create.mutateAsync(values)),
  });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Create management token"
      description="A secret for scripts and pipelines that call the management API."
      footer={
        <>
          <Button onClick={onClose} disabled={create.isPending}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" isPending={create.isPending}>
            Create token
          </Button>
        </>
      }
    >
      <ResourceForm id={formId} state={state} submitLabel="Create token" isFooterShown={false} isGuarded={false}>
        <FormInput
          state={state}
          name="name"
          label="Name"
          isRequired
          hint="What uses it, so that you know what a revocation stops."
          input={{ placeholder: "deploy pipeline", autoComplete: "off" }}
        />
        <FormSelect
          state={state}
          name="role"
          label="Role"
          isRequired
          options={roles}
          hint="Over the whole organisation. Give it the least that does the job."
        />
        <FormField state={state} name="expiresAt" label="Expires">
          {(control, field) => (
            <ExpiryField
              control={control}
              value={field.value ?? null}
              onValueChange={field.onChange}
              neverWords="Works until it is revoked."
            />
          )}
        </FormField>
      </ResourceForm>
    </Dialog>
  );
}
