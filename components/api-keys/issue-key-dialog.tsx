"use client";
import Link from "next/link";
import { useState } from "react";
import type { z } from "zod";
import { IssuedKey } from "#components/api-keys/issued-key.tsx";
import { ExpiryField } from "#components/choices/expiry-field.tsx";
import { FormRoutes } from "#components/choices/form-routes.tsx";
import { searchConsumers } from "#components/choices/search-options.ts";
import { FormInput } from "#components/forms/form-controls.tsx";
import { FormField } from "#components/forms/form-field.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Combobox, type ComboboxOption } from "#components/ui/combobox.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ApiKeyCreate, type ApiKeyIssued } from "#lib/domain/api-key/schemas.ts";
import { useIssueApiKey } from "#lib/query/api-keys.ts";

const formId = "issue-key";

type IssueKeyDialogProps = {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  gatewayUrl: string;
  /** Fixed where the dialog opens on a consumer's own page. */
  consumer?: { id: string; name: string };
};

/** Issues a key and then shows its secret, once, with calls to paste. */
export function IssueKeyDialog({ isOpen, onOpenChange, gatewayUrl, consumer }: IssueKeyDialogProps) {
  const [issued, setIssued] = useState<z.output<typeof ApiKeyIssued> | null>(null);
  const close = () => {
    setIssued(null);
    onOpenChange(false);
  };
  if (issued) {
    return (
      <Dialog
        isOpen={isOpen}
        onOpenChange={close}
        isDismissable={false}
        size="lg"
        title={`Key “${issued.name}” for ${issued.consumerName}`}
        description="It works on every node now."
        footer={
          <Button variant="primary" onClick={close}>
            I have copied it
          </Button>
        }
      >
        <IssuedKey issued={issued} gatewayUrl={gatewayUrl} />
      </Dialog>
    );
  }
  return <IssueForm isOpen={isOpen} onClose={close} onIssued={setIssued} {...(consumer ? { consumer } : {})} />;
}

function IssueForm({
  isOpen,
  onClose,
  onIssued,
  consumer,
}: {
  isOpen: boolean;
  onClose: () => void;
  onIssued: (issued: z.output<typeof ApiKeyIssued>) => void;
  consumer?: { id: string; name: string };
}) {
  const issue = useIssueApiKey();
  const [chosen, setChosen] = useState<ComboboxOption | null>(
    consumer ? { value: consumer.id, label: consumer.name } : null,
  );
  const state = useResourceForm({
    schema: ApiKeyCreate,
    defaultValues: { name: "", consumerId: consumer?.id ?? "", expiresAt: null, routes: null },
    onSubmit: async (values) => onIssued(await issue.mutateAsync(values)),
  });
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onClose}
      title="Create API key"
      description="A secret that one application calls the gateway with. It follows the plan of its consumer."
      footer={
        <>
          <Button onClick={onClose} disabled={issue.isPending}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" isPending={issue.isPending}>
            Create key
          </Button>
        </>
      }
    >
      <ResourceForm id={formId} state={state} submitLabel="Create key" isFooterShown={false} isGuarded={false}>
        <FormInput
          state={state}
          name="name"
          label="Name"
          isRequired
          hint="Where it is used, so that you know what a revocation stops."
          input={{ placeholder: "production", autoComplete: "off" }}
        />
        {consumer ? null : (
          <FormField state={state} name="consumerId" label="Consumer" isRequired>
            {(control, field) => (
              <Combobox
                {...control}
                search={searchConsumers}
                value={chosen}
                onValueChange={(option) => {
                  setChosen(option);
                  field.onChange(option?.value ?? "");
                }}
                placeholder="Whose key is it?"
                emptyText={
                  <>
                    No consumer has this name.{" "}
                    <Link href="/consumers?new=true" className="text-accent-text hover:underline">
                      Add a consumer
                    </Link>
                  </>
                }
              />
            )}
          </FormField>
        )}
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
