"use client";
import { useWatch } from "react-hook-form";
import { FormInput, FormNumber, FormTextarea } from "#components/forms/form-controls.tsx";
import { FormField } from "#components/forms/form-field.tsx";
import { FormSection, ResourceForm } from "#components/forms/resource-form.tsx";
import type { Race } from "#components/forms/use-race.ts";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { type PlanFormInput, type PlanFormOutput, PlanFormSchema } from "#components/plans/plan-form-values.ts";
import { RateLimitRows } from "#components/plans/rate-limit-rows.tsx";
import { RouteChoice } from "#components/plans/route-choice.tsx";
import { Card } from "#components/ui/card.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";

/** Creates or edits a plan; the caller sends what it gives. */
export function PlanForm({
  initial,
  submitLabel,
  onSubmit,
  onCancel,
  race,
}: {
  initial: PlanFormInput;
  submitLabel: string;
  onSubmit: (values: PlanFormOutput) => Promise<void>;
  onCancel: () => void;
  /** Of a plan that exists: others may change it meanwhile. */
  race?: Race<PlanFormInput>;
}) {
  const state = useResourceForm({ schema: PlanFormSchema, defaultValues: initial, onSubmit, race });
  const reach = useWatch({ control: state.form.control, name: "reach" });
  return (
    <Card className="p-4 md:p-5">
      <ResourceForm state={state} submitLabel={submitLabel} onCancel={onCancel}>
        <FormSection title="Plan" description="What people choose for a consumer.">
          <FormInput state={state} name="name" label="Name" isRequired input={{ autoComplete: "off" }} />
          <FormTextarea state={state} name="description" label="Description" isOptionalShown input={{ rows: 2 }} />
        </FormSection>
        <FormSection title="Rate limits" description="A call must fit all of them; what does not is refused with 429.">
          <RateLimitRows state={state} owner="plan" />
        </FormSection>
        <FormSection title="Routes" description="What consumers on this plan may call.">
          <RadioGroup
            label="Allowed routes"
            value={reach}
            onValueChange={(next) => state.form.setValue("reach", next, { shouldDirty: true, shouldValidate: true })}
            options={[
              { value: "every", label: "Every route", hint: "Routes added later are allowed too." },
              { value: "some", label: "Only the chosen ones", hint: "Anything else is refused with 403." },
            ]}
          />
          {reach === "some" ? (
            <FormField state={state} name="routes" label="Routes">
              {(control, field) => (
                <RouteChoice
                  id={control.id}
                  aria-describedby={control["aria-describedby"]}
                  value={field.value}
                  onChange={field.onChange}
                />
              )}
            </FormField>
          ) : null}
        </FormSection>
        <FormSection
          title="Without the control plane"
          description="A node that has lost the control plane goes on with what it knows. It does not hear of keys that are revoked meanwhile."
        >
          <FormNumber
            state={state}
            name="maxStaleSeconds"
            label="Serve for at most"
            isOptionalShown
            suffix="s"
            hint="From 15 on; then calls are refused with 503. Empty: as long as the node lives."
          />
        </FormSection>
      </ResourceForm>
    </Card>
  );
}
