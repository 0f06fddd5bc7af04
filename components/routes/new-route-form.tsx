"use client";
import { useWatch } from "react-hook-form";
import { FormInput, FormTextarea } from "#components/forms/form-controls.tsx";
import { FormSection, ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { RateLimitRows } from "#components/plans/rate-limit-rows.tsx";
import { ServingFields } from "#components/routes/serving-fields.tsx";
import { newRouteValues, type VersionFormOutput, VersionFormSchema } from "#components/routes/version-form-values.ts";
import { Card } from "#components/ui/card.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";

const kindOptions = [
  { value: "model", label: "Model", hint: "Called by its name in the body, in any of the dialects." },
  { value: "http", label: "REST API", hint: "Any HTTP API, under /apis and its name, with the same policies." },
] as const;

/** A route and its first version. */
export function NewRouteForm({
  onSubmit,
  onCancel,
}: {
  onSubmit: (values: VersionFormOutput) => Promise<void>;
  onCancel: () => void;
}) {
  const state = useResourceForm({ schema: VersionFormSchema, defaultValues: newRouteValues, onSubmit });
  const kind = useWatch({ control: state.form.control, name: "kind" });
  return (
    <Card className="p-4 md:p-5">
      <ResourceForm state={state} submitLabel="Create route" onCancel={onCancel}>
        <FormSection
          title="Route"
          description={kind === "http" ? "What callers write behind /apis/." : "What callers write as “model”."}
        >
          <div data-field="kind">
            <RadioGroup
              label="Kind"
              value={kind}
              onValueChange={(next) => state.form.setValue("kind", next, { shouldDirty: true })}
              options={kindOptions}
            />
          </div>
          <div className="grid gap-4 sm:grid-cols-[1fr_9rem]">
            <FormInput
              state={state}
              name="name"
              label="Name"
              isRequired
              hint={kind === "http" ? "Letters, digits and . _ - : inside." : "Letters, digits and . _ - : / inside."}
              input={{ autoComplete: "off", spellCheck: false, placeholder: "smart" }}
            />
            <FormInput state={state} name="version" label="First version" isRequired input={{ autoComplete: "off" }} />
          </div>
          <FormTextarea state={state} name="description" label="Description" isOptionalShown input={{ rows: 2 }} />
        </FormSection>
        <ServingFields state={state} />
        <FormSection
          title="Rate limits"
          description="Of this route, whatever its version, on top of those of the caller's plan."
        >
          <RateLimitRows state={state} owner="route" />
        </FormSection>
      </ResourceForm>
    </Card>
  );
}
