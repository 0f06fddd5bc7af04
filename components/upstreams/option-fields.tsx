"use client";
import { FormInput, FormSelect } from "#components/forms/form-controls.tsx";
import { FormSection } from "#components/forms/resource-form.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import type { UpstreamFormInput, UpstreamFormOutput } from "#components/upstreams/upstream-form-values.ts";
import { type ProviderOption, providerOf } from "#lib/contract/providers.ts";

type State = ResourceFormState<UpstreamFormInput, UpstreamFormOutput>;

/** What only this provider needs, such as a region; nothing where it needs nothing. */
export function OptionFields({ state, provider }: { state: State; provider: string }) {
  const known = providerOf(provider);
  if (known === undefined || known.options.length === 0) return null;
  return (
    <FormSection title={known.label} description="What this provider needs beside an address.">
      {known.options.map((option) => (
        <OptionField key={`${provider} ${option.name}`} state={state} option={option} />
      ))}
    </FormSection>
  );
}

function OptionField({ state, option }: { state: State; option: ProviderOption }) {
  const { name, label, hint, isRequired, example, choices } = option;
  const shared = { state, name: `options.${name}`, label, hint } as const;
  const need = isRequired ? { isRequired: true } : { isOptionalShown: true };
  if (choices !== undefined) {
    const options = choices.map((value) => ({ value, label: value }));
    return <FormSelect {...shared} {...need} options={options} placeholder="As if left out" />;
  }
  return <FormInput {...shared} {...need} input={{ autoComplete: "off", spellCheck: false, placeholder: example }} />;
}
