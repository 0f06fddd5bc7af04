"use client";
import { useController } from "react-hook-form";
import { sentenceCase } from "#components/format/words.ts";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { retryReasonWords } from "#components/routes/strategy-words.ts";
import type { VersionFormInput, VersionFormOutput } from "#components/routes/version-form-values.ts";
import { CheckboxField } from "#components/ui/checkbox.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { RetryReason } from "#lib/contract/policy-document.ts";

/** After which failures a call is tried again. */
export function RetryReasons({ state }: { state: ResourceFormState<VersionFormInput, VersionFormOutput> }) {
  const { field, fieldState } = useController({ control: state.form.control, name: "retry.on" });
  const chosen = new Set(field.value);
  const set = (reason: RetryReason, isOn: boolean) =>
    field.onChange(RetryReason.options.filter((each) => (each === reason ? isOn : chosen.has(each))));
  return (
    <fieldset data-field="retry.on" className="flex flex-col gap-2">
      <legend className="mb-1 font-medium text-sm">Tried again after</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {RetryReason.options.map((reason) => (
          <CheckboxField
            key={reason}
            label={sentenceCase(retryReasonWords[reason])}
            checked={chosen.has(reason)}
            onCheckedChange={(isOn) => set(reason, isOn)}
          />
        ))}
      </div>
      {fieldState.error?.message ? <FieldError message={fieldState.error.message} /> : null}
    </fieldset>
  );
}
