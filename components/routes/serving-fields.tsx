"use client";
import { useWatch } from "react-hook-form";
import { FormNumber } from "#components/forms/form-controls.tsx";
import { FormSection } from "#components/forms/resource-form.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { CacheFields } from "#components/routes/cache-fields.tsx";
import { GuardrailFields } from "#components/routes/guardrail-rows.tsx";
import { HttpFields } from "#components/routes/http-fields.tsx";
import { RetryReasons } from "#components/routes/retry-reasons.tsx";
import { hashByOptions, strategyOptions } from "#components/routes/strategy-words.ts";
import { TargetRows } from "#components/routes/target-rows.tsx";
import { TimeoutFields } from "#components/routes/timeout-fields.tsx";
import type { VersionFormInput, VersionFormOutput } from "#components/routes/version-form-values.ts";
import { RadioGroup } from "#components/ui/radio-group.tsx";

/** How a version is served: strategy, targets, attempts, timeouts. */
export function ServingFields({ state }: { state: ResourceFormState<VersionFormInput, VersionFormOutput> }) {
  const strategy = useWatch({ control: state.form.control, name: "strategy" });
  const kind = useWatch({ control: state.form.control, name: "kind" });
  const hashBy = useWatch({ control: state.form.control, name: "hashBy" });
  return (
    <>
      {kind === "http" ? <HttpFields state={state} /> : null}
      <FormSection
        title="Targets"
        description={
          kind === "http"
            ? "Who answers: upstreams of the provider REST API. At least one is in service."
            : "Who answers: a model at an upstream. At least one is in service."
        }
      >
        <div data-field="strategy">
          <RadioGroup
            label="Strategy"
            value={strategy}
            onValueChange={(next) => state.form.setValue("strategy", next, { shouldDirty: true })}
            options={strategyOptions}
          />
        </div>
        {strategy === "consistent_hash" ? (
          <div data-field="hashBy">
            <RadioGroup
              label="Goes by"
              value={hashBy}
              onValueChange={(next) => state.form.setValue("hashBy", next, { shouldDirty: true })}
              options={hashByOptions}
            />
          </div>
        ) : null}
        <TargetRows state={state} />
      </FormSection>
      <FormSection
        title="Failures"
        description="A call that a target did not answer goes to another one, as long as nothing has reached the caller."
      >
        <FormNumber
          state={state}
          name="retry.attempts"
          label="Attempts"
          hint="In all, the first one included: 1 means no retry."
          className="max-w-48"
          input={{ min: 1, max: 10, step: 1 }}
        />
        <RetryReasons state={state} />
        <TimeoutFields state={state} nameOf={(key) => `timeouts.${key}` as const} />
      </FormSection>
      {kind === "http" ? null : <GuardrailFields state={state} />}
      <CacheFields state={state} />
      {kind === "http" ? null : <TranslationFields state={state} />}
    </>
  );
}

function TranslationFields({ state }: { state: ResourceFormState<VersionFormInput, VersionFormOutput> }) {
  const onNotCarried = useWatch({ control: state.form.control, name: "onNotCarried" });
  return (
    <FormSection
      title="Translation"
      description="A call in one vendor's format can be answered by another vendor's model. Not every parameter exists in both."
    >
      <div data-field="onNotCarried">
        <RadioGroup
          label="A parameter that the target does not know"
          value={onNotCarried}
          onValueChange={(next) => state.form.setValue("onNotCarried", next, { shouldDirty: true })}
          options={[
            { value: "refuse", label: "Refuse the call", hint: "The caller gets 400 with the parameter's name." },
            {
              value: "drop",
              label: "Leave it out",
              hint: "The call goes on, and its decision names what was left out.",
            },
          ]}
        />
      </div>
    </FormSection>
  );
}
