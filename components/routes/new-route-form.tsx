"use client";
import { FormInput, FormTextarea } from "#components/forms/form-controls.tsx";
import { FormSection, ResourceForm } from "#components/forms/resource-form.tsx";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { ServingFields } from "#components/routes/serving-fields.tsx";
import { newRouteValues, type VersionFormOutput, VersionFormSchema } from "#components/routes/version-form-values.ts";
import { Card } from "#components/ui/card.tsx";

/** A route and its first version. */
export function NewRouteForm({
  onSubmit,
  onCancel,
}: {
  onSubmit: (values: VersionFormOutput) => Promise<void>;
  onCancel: () => void;
}) {
  const state = useResourceForm({ schema: VersionFormSchema, defaultValues: newRouteValues, onSubmit });
  return (
    <Card className="p-4 md:p-5">
      <ResourceForm state={state} submitLabel="Create route" onCancel={onCancel}>
        <FormSection title="Route" description="What callers write as “model”.">
          <div className="grid gap-4 sm:grid-cols-[1fr_9rem]">
            <FormInput
              state={state}
              name="name"
              label="Name"
              isRequired
              hint="Letters, digits and . _ - : / inside."
              input={{ autoComplete: "off", spellCheck: false, placeholder: "smart" }}
            />
            <FormInput state={state} name="version" label="First version" isRequired input={{ autoComplete: "off" }} />
          </div>
          <FormTextarea state={state} name="description" label="Description" isOptionalShown input={{ rows: 2 }} />
        </FormSection>
        <ServingFields state={state} />
      </ResourceForm>
    </Card>
  );
}
