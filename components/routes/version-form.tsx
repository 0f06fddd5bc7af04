"use client";
import { FormInput } from "#components/forms/form-controls.tsx";
import { FormSection, ResourceForm } from "#components/forms/resource-form.tsx";
import type { Race } from "#components/forms/use-race.ts";
import { useResourceForm } from "#components/forms/use-resource-form.ts";
import { ServingFields } from "#components/routes/serving-fields.tsx";
import {
  type VersionFormInput,
  type VersionFormOutput,
  VersionFormSchema,
} from "#components/routes/version-form-values.ts";
import { Card } from "#components/ui/card.tsx";

/** A further version of a route (with its number), or one that exists (without). */
export function VersionForm({
  initial,
  isNew,
  submitLabel,
  onSubmit,
  onCancel,
  race,
}: {
  initial: VersionFormInput;
  isNew: boolean;
  submitLabel: string;
  onSubmit: (values: VersionFormOutput) => Promise<void>;
  onCancel: () => void;
  /** Of a version that exists: others may change it meanwhile. */
  race?: Race<VersionFormInput>;
}) {
  const state = useResourceForm({ schema: VersionFormSchema, defaultValues: initial, onSubmit, race });
  return (
    <Card className="p-4 md:p-5">
      <ResourceForm state={state} submitLabel={submitLabel} onCancel={onCancel}>
        {isNew ? (
          <FormSection title="Version" description="The default stays where it is until you move it.">
            <FormInput
              state={state}
              name="version"
              label="Number"
              isRequired
              className="max-w-48"
              input={{ autoComplete: "off" }}
            />
          </FormSection>
        ) : null}
        <ServingFields state={state} />
      </ResourceForm>
    </Card>
  );
}
