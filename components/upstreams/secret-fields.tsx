"use client";
import type { FieldPath, FieldValues } from "react-hook-form";
import { FormInput, FormSelect, FormTextarea } from "#components/forms/form-controls.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { credentialKindWords } from "#components/upstreams/provider-words.ts";
import type { SecretKey } from "#components/upstreams/secret-values.ts";
import type { CredentialKind } from "#lib/contract/credential-kind.ts";
import { providerOf } from "#lib/contract/providers.ts";

/** The boxes of a secret in the form that a provider takes. `canChooseKind`: where it takes more than one. */
export function SecretFields<TInput extends FieldValues, TOutput>({
  state,
  nameOf,
  provider,
  kind,
  canChooseKind,
  isRequired,
}: {
  state: ResourceFormState<TInput, TOutput>;
  nameOf: (key: SecretKey) => FieldPath<TInput>;
  provider: string;
  kind: CredentialKind;
  canChooseKind: boolean;
  isRequired: boolean;
}) {
  const kinds = providerOf(provider)?.credentials ?? [];
  const need = isRequired ? { isRequired: true } : { isOptionalShown: true };
  const hidden = { type: "password", autoComplete: "new-password", spellCheck: false } as const;
  return (
    <>
      {canChooseKind && kinds.length > 1 ? (
        <FormSelect
          state={state}
          name={nameOf("kind")}
          label="Kind"
          isRequired
          options={kinds.map((value) => ({ value, label: credentialKindWords(value) }))}
        />
      ) : null}
      {kind === "apiKey" ? (
        <FormInput
          state={state}
          name={nameOf("secret")}
          label="API key"
          {...need}
          hint="The key that nodes send to the provider."
          input={hidden}
        />
      ) : null}
      {kind === "serviceAccount" ? (
        <FormTextarea
          state={state}
          name={nameOf("secret")}
          label="Service account key file"
          {...need}
          hint="The JSON text that Google gave out. Nodes exchange it for access tokens at Google alone."
          input={{ autoComplete: "off", spellCheck: false, placeholder: '{"type": "service_account", …}' }}
        />
      ) : null}
      {kind === "awsKeys" ? (
        <>
          <FormInput
            state={state}
            name={nameOf("accessKeyId")}
            label="Access key id"
            {...need}
            input={{ autoComplete: "off", spellCheck: false, placeholder: "AKIA…" }}
          />
          <FormInput
            state={state}
            name={nameOf("secretAccessKey")}
            label="Secret access key"
            {...need}
            input={hidden}
          />
          <FormInput state={state} name={nameOf("sessionToken")} label="Session token" isOptionalShown input={hidden} />
        </>
      ) : null}
    </>
  );
}
