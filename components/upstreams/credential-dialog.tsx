"use client";
import { useId } from "react";
import { z } from "zod";
import { FormInput } from "#components/forms/form-controls.tsx";
import { ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { SecretFields } from "#components/upstreams/secret-fields.tsx";
import { newSecretBoxes, secretOf, secretSchema } from "#components/upstreams/secret-values.ts";
import { CREDENTIAL_KINDS, type CredentialKind } from "#lib/contract/credential-kind.ts";
import { DisplayName } from "#lib/contract/names.ts";
import { providerOf } from "#lib/contract/providers.ts";
import type { CredentialView } from "#lib/domain/credential/schemas.ts";
import type { UpstreamView } from "#lib/domain/upstream/schemas.ts";
import { useCreateCredential, useUpdateCredential } from "#lib/query/credentials.ts";

const Values = z.object({ name: DisplayName, credential: secretSchema(true) });

type Props = {
  upstream: UpstreamView;
  /** The credential whose secret is replaced; null adds one. */
  replaced: CredentialView | null;
  isOpen: boolean;
  onClose: () => void;
};

/** Adds a credential, or gives one another secret. What is typed goes nowhere but into the request. */
export function CredentialDialog({ upstream, replaced, isOpen, onClose }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(next) => !next && onClose()}
      title={replaced ? `Replace “${replaced.name}”` : `Add a credential to “${upstream.name}”`}
      description={
        replaced
          ? "Every node uses the new secret at once; the old one cannot be brought back."
          : "Every node uses it at once, in turns with the others."
      }
    >
      {isOpen ? <CredentialForm upstream={upstream} replaced={replaced} onClose={onClose} /> : null}
    </Dialog>
  );
}

/** The kind of the credential whose secret is replaced, or the usual one of the provider. */
function kindOf(upstream: UpstreamView, replaced: CredentialView | null): CredentialKind {
  const kinds = providerOf(upstream.provider)?.credentials ?? [];
  return CREDENTIAL_KINDS.find((kind) => kind === replaced?.kind) ?? kinds[0] ?? "apiKey";
}

function CredentialForm({ upstream, replaced, onClose }: Omit<Props, "isOpen">) {
  const id = useId();
  const create = useCreateCredential();
  const update = useUpdateCredential();
  const state = useResourceForm({
    schema: Values,
    defaultValues: {
      name: replaced?.name ?? (upstream.credentials.length === 0 ? "default" : ""),
      credential: newSecretBoxes(kindOf(upstream, replaced)),
    },
    onSubmit: async ({ name, credential }) => {
      const values = { name, secret: secretOf(credential) };
      if (replaced) await update.mutateAsync({ id: replaced.id, patch: values, etag: replaced.etag });
      else await create.mutateAsync({ upstreamId: upstream.id, kind: credential.kind, ...values });
      toast.success(replaced ? "Credential replaced" : "Credential added", {
        description: `Nodes use it for “${upstream.name}” from now on.`,
      });
      onClose();
    },
  });
  return (
    <ResourceForm state={state} submitLabel="" id={id} isFooterShown={false} isGuarded={false}>
      <FormInput state={state} name="name" label="Name" isRequired input={{ autoComplete: "off" }} />
      <SecretFields
        state={state}
        nameOf={(key) => `credential.${key}` as const}
        provider={upstream.provider}
        kind={state.form.watch("credential.kind")}
        canChooseKind={replaced === null}
        isRequired
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={state.form.formState.isSubmitting}>
          {replaced ? "Replace secret" : "Add credential"}
        </Button>
      </div>
    </ResourceForm>
  );
}
