"use client";
import { useWatch } from "react-hook-form";
import { FormNumber, FormToggle } from "#components/forms/form-controls.tsx";
import { FormSection } from "#components/forms/resource-form.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { scopeOptions } from "#components/routes/cache-values.ts";
import type { VersionFormInput, VersionFormOutput } from "#components/routes/version-form-values.ts";
import { RadioGroup } from "#components/ui/radio-group.tsx";

/** Whether, for how long and for whom a version's answers are kept. */
export function CacheFields({ state }: { state: ResourceFormState<VersionFormInput, VersionFormOutput> }) {
  const { control } = state.form;
  const isOn = useWatch({ control, name: "cache.isOn" });
  const kind = useWatch({ control, name: "kind" });
  return (
    <FormSection
      title="Cache"
      description={
        kind === "http"
          ? "The same GET or HEAD is answered as before, as far as the upstream's own Cache-Control and Vary allow."
          : "The same call is answered as before, at no cost: equal in meaning, for the same version."
      }
    >
      <FormToggle state={state} name="cache.isOn" label="Keep answers and give them again" look="switch" />
      {isOn ? <RuleFields state={state} /> : null}
    </FormSection>
  );
}

function RuleFields({ state }: { state: ResourceFormState<VersionFormInput, VersionFormOutput> }) {
  const { control, setValue } = state.form;
  const scope = useWatch({ control, name: "cache.scope" });
  const kind = useWatch({ control, name: "kind" });
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <FormNumber
          state={state}
          name="cache.ttlSeconds"
          label="For"
          suffix="seconds"
          hint="A caller may ask for a new answer with Cache-Control."
          input={{ min: 1, step: 1 }}
        />
        <FormNumber
          state={state}
          name="cache.maxEntryKib"
          label="Largest answer"
          suffix="KiB"
          hint="A larger one is passed on and not kept."
          input={{ min: 1, step: 1 }}
        />
      </div>
      <div data-field="cache.scope">
        <RadioGroup
          label="Who gets whose answers"
          value={scope}
          onValueChange={(next) => setValue("cache.scope", next, { shouldDirty: true })}
          options={scopeOptions}
        />
      </div>
      {kind === "http" ? null : (
        <FormToggle
          state={state}
          name="cache.onlyTemperatureZero"
          label="Only at temperature 0"
          hint="Calls that ask for variety get it. Embeddings and the like are always kept."
        />
      )}
      <FormToggle
        state={state}
        name="cache.shared"
        label="Share between nodes"
        hint="Through Valkey, where nodes have one (VALKEY_URL): sealed with a key made of the call itself. Otherwise each node keeps its own."
      />
    </>
  );
}
