"use client";
import { type FieldPath, type FieldValues, useController } from "react-hook-form";
import { RoutesField } from "#components/choices/routes-field.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { FieldError } from "#components/ui/field.tsx";

/** The routes a key may call, bound to a form field that holds their names, or null for all of the plan. */
export function FormRoutes<TInput extends FieldValues, TOutput, TName extends FieldPath<TInput>>({
  state,
  name,
}: {
  state: ResourceFormState<TInput, TOutput>;
  name: TName;
}) {
  const { field, fieldState } = useController<TInput, TName, TOutput>({ control: state.form.control, name });
  const message = fieldState.error?.message ?? fieldState.error?.root?.message;
  return (
    <div data-field={name} className="flex flex-col gap-1.5">
      <RoutesField value={Array.isArray(field.value) ? field.value : null} onValueChange={field.onChange} />
      {message ? <FieldError message={message} /> : null}
    </div>
  );
}
