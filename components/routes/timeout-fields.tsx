"use client";
import type { FieldPath, FieldValues } from "react-hook-form";
import { formatDuration } from "#components/format/duration.ts";
import { FormNumber } from "#components/forms/form-controls.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { TIMEOUT_FIELDS, type TimeoutKey } from "#components/routes/timeout-values.ts";

/** Four boxes in milliseconds; the placeholder is what holds while a box is empty. */
export function TimeoutFields<TInput extends FieldValues, TOutput>({
  state,
  nameOf,
}: {
  state: ResourceFormState<TInput, TOutput>;
  nameOf: (key: TimeoutKey) => FieldPath<TInput>;
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {TIMEOUT_FIELDS.map((field) => (
        <FormNumber
          key={field.key}
          state={state}
          name={nameOf(field.key)}
          label={field.label}
          hint={`${field.hint} Empty: ${formatDuration(field.defaultMs)}.`}
          suffix="ms"
          input={{ placeholder: String(field.defaultMs), step: 1 }}
        />
      ))}
    </div>
  );
}
