"use client";
import { ExpiryField } from "#components/choices/expiry-field.tsx";
import { FormRoutes } from "#components/choices/form-routes.tsx";
import { FormInput } from "#components/forms/form-controls.tsx";
import { FormField } from "#components/forms/form-field.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { ApiKeyInput, type ApiKeyView } from "#lib/domain/api-key/schemas.ts";
import { useUpdateApiKey } from "#lib/query/api-keys.ts";

const formId = "edit-key";

/** Renames a key, or changes when it ends and what it reaches. In force on every node at once. */
export function EditKeyDialog({ apiKey, onClose }: { apiKey: ApiKeyView; onClose: () => void }) {
  const update = useUpdateApiKey();
  const state = useResourceForm({
    schema: ApiKeyInput,
    defaultValues: { name: apiKey.name, expiresAt: apiKey.expiresAt, routes: apiKey.routes },
    onSubmit: async (patch) => {
      await update.mutateAsync({ apiKey, patch });
      toast.success("Saved", { description: "In force on every node." });
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`Edit “${apiKey.name}”`}
      description={`A key of ${apiKey.consumerName}. Changes are in force at once.`}
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
        <FormRoutes state={state} name="routes" />
      </ResourceForm>
    </Dialog>
  );
}
