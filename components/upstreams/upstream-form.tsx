"use client";
import { useEffect, useRef } from "react";
import { useWatch } from "react-hook-form";
import { FormInput, FormToggle } from "#components/forms/form-controls.tsx";
import { FormSection, ResourceForm } from "#components/forms/resource-form.tsx";
import type { Race } from "#components/forms/use-race.ts";
import { type ResourceFormState, useResourceForm } from "#components/forms/use-resource-form.ts";
import { RateLimitRows } from "#components/plans/rate-limit-rows.tsx";
import { TimeoutFields } from "#components/routes/timeout-fields.tsx";
import { Card } from "#components/ui/card.tsx";
import { HealthFields } from "#components/upstreams/health-fields.tsx";
import { OptionFields } from "#components/upstreams/option-fields.tsx";
import { ProviderGallery } from "#components/upstreams/provider-gallery.tsx";
import { exampleBaseUrl, type ProviderChoice, providers } from "#components/upstreams/provider-words.ts";
import { SecretFields } from "#components/upstreams/secret-fields.tsx";
import {
  type UpstreamFormInput,
  type UpstreamFormOutput,
  UpstreamFormSchema,
} from "#components/upstreams/upstream-form-values.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import { defaultBaseUrl } from "#lib/contract/providers.ts";

type State = ResourceFormState<UpstreamFormInput, UpstreamFormOutput>;

/** Creates or edits an upstream; the caller sends what it gives. */
export function UpstreamForm({
  initial,
  isNew,
  submitLabel,
  onSubmit,
  onCancel,
  race,
}: {
  initial: UpstreamFormInput;
  isNew: boolean;
  submitLabel: string;
  onSubmit: (values: UpstreamFormOutput) => Promise<void>;
  onCancel: () => void;
  /** Of an upstream that exists: others may change it meanwhile. */
  race?: Race<UpstreamFormInput>;
}) {
  const state = useResourceForm({ schema: UpstreamFormSchema, defaultValues: initial, onSubmit, race });
  const mayWriteSecrets = useMay("credential.write");
  return (
    <Card className="p-4 md:p-5">
      <ResourceForm state={state} submitLabel={submitLabel} onCancel={onCancel}>
        <FormSection title="Provider" description="The dialect that nodes speak to it.">
          <ProviderField state={state} />
        </FormSection>
        <OptionFields state={state} provider={state.form.watch("provider")} />
        <AddressSection state={state} />
        {isNew && mayWriteSecrets ? <SecretSection state={state} /> : null}
        <FormSection title="Timeouts" description="A route version may set its own, which then count.">
          <TimeoutFields state={state} nameOf={(key) => `timeouts.${key}` as const} />
        </FormSection>
        <FormSection
          title="Rate limits"
          description="What may be sent to it, whoever calls. While one is exhausted, routes use their other targets."
        >
          <RateLimitRows state={state} owner="upstream" />
        </FormSection>
        <HealthFields state={state} />
      </ResourceForm>
    </Card>
  );
}

function ProviderField({ state }: { state: State }) {
  const { form } = state;
  const choose = (provider: ProviderChoice) => {
    const address = form.getValues("baseUrl");
    const isUntouched = address === "" || providers.some((other) => other.defaultBaseUrl === address);
    form.setValue("provider", provider.kind, { shouldDirty: true });
    form.setValue("credential.kind", provider.credentials[0] ?? "apiKey");
    // One with options in it is made of them, once they are written.
    if (isUntouched)
      form.setValue("baseUrl", ownAddress(provider.kind, form.getValues("options")), { shouldDirty: true });
  };
  return (
    <div data-field="provider">
      <ProviderGallery value={form.watch("provider")} onChoose={choose} />
    </div>
  );
}

function ownAddress(provider: string, options: Record<string, string>): string {
  const written = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== ""));
  return defaultBaseUrl(provider, written) ?? "";
}

/** Keeps an address that is made of options in step with them, until somebody writes another. */
function useAddressOfOptions({ form }: State): void {
  const provider = useWatch({ control: form.control, name: "provider" });
  const options = useWatch({ control: form.control, name: "options" });
  const made = ownAddress(provider, options);
  const last = useRef(made);
  useEffect(() => {
    const before = last.current;
    last.current = made;
    const address = form.getValues("baseUrl");
    if (made !== before && (address === "" || address === before))
      form.setValue("baseUrl", made, { shouldDirty: true });
  }, [made, form]);
}

function AddressSection({ state }: { state: State }) {
  const mayAllowPrivate = useMay("upstream.privateNetwork");
  useAddressOfOptions(state);
  return (
    <FormSection title="Upstream" description="Where calls go.">
      <FormInput
        state={state}
        name="name"
        label="Name"
        isRequired
        input={{ autoComplete: "off", placeholder: "openai-eu" }}
      />
      <FormInput
        state={state}
        name="baseUrl"
        label="Base URL"
        isRequired
        hint="Up to and without the path of the call: /chat/completions and the like are added by the node."
        input={{ type: "url", inputMode: "url", autoComplete: "off", spellCheck: false, placeholder: exampleBaseUrl }}
      />
      {mayAllowPrivate ? (
        <FormToggle
          state={state}
          name="allowPrivateNetwork"
          look="switch"
          label="Allow a private network"
          hint="Lets nodes call loopback and private addresses for this upstream. Link-local and metadata addresses are never called."
        />
      ) : null}
    </FormSection>
  );
}

function SecretSection({ state }: { state: State }) {
  return (
    <FormSection
      title="Credential"
      description="Sealed when it is stored, and again for each node. Nobody can read it back; it can be added and replaced later."
    >
      <SecretFields
        state={state}
        nameOf={(key) => `credential.${key}` as const}
        provider={state.form.watch("provider")}
        kind={state.form.watch("credential.kind")}
        canChooseKind
        isRequired={false}
      />
    </FormSection>
  );
}
