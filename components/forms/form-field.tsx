"use client";
import type { ReactNode } from "react";
import { type ControllerRenderProps, type FieldPath, type FieldValues, useController } from "react-hook-form";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { Field, type FieldControlProps, type FieldProps } from "#components/ui/field.tsx";

export type FormFieldProps<TInput extends FieldValues, TOutput, TName extends FieldPath<TInput>> = Omit<
  FieldProps,
  "children" | "error"
> & {
  state: ResourceFormState<TInput, TOutput>;
  name: TName;
};

/** Any control bound to a form field: spread `control` (ids, aria) and use `field` (value, onChange, onBlur, ref). */
export function FormField<TInput extends FieldValues, TOutput, TName extends FieldPath<TInput>>({
  state,
  name,
  children,
  ...props
}: FormFieldProps<TInput, TOutput, TName> & {
  children: (control: FieldControlProps, field: ControllerRenderProps<TInput, TName>) => ReactNode;
}) {
  const { field, fieldState } = useController<TInput, TName, TOutput>({ control: state.form.control, name });
  return (
    <div data-field={name}>
      <Field {...props} error={fieldState.error?.message ?? fieldState.error?.root?.message}>
        {(control) => children(control, field)}
      </Field>
    </div>
  );
}
