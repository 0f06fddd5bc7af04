"use client";
import type { ComponentProps, ReactNode } from "react";
import { type FieldPath, type FieldValues, useController } from "react-hook-form";
import { FormField, type FormFieldProps } from "#components/forms/form-field.tsx";
import { CheckboxField } from "#components/ui/checkbox.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { Input, InputWithAffix, Textarea } from "#components/ui/input.tsx";
import { Select, type SelectOption } from "#components/ui/select.tsx";
import { SwitchField } from "#components/ui/switch.tsx";

type Bound<TInput extends FieldValues, TOutput, TName extends FieldPath<TInput>, TControl> = FormFieldProps<
  TInput,
  TOutput,
  TName
> & {
  /** Further attributes of the control itself (type, placeholder, autoComplete…). */
  input?: TControl;
};

/** A line of text. An empty box is the empty string. */
export function FormInput<TInput extends FieldValues, TOutput, TName extends FieldPath<TInput>>({
  input,
  ...props
}: Bound<TInput, TOutput, TName, Omit<ComponentProps<"input">, "value" | "onChange" | "ref">>) {
  return (
    <FormField {...props}>
      {(control, field) => <Input {...input} {...control} {...field} value={field.value ?? ""} />}
    </FormField>
  );
}

/** Several lines of text. */
export function FormTextarea<TInput extends FieldValues, TOutput, TName extends FieldPath<TInput>>({
  input,
  ...props
}: Bound<TInput, TOutput, TName, Omit<ComponentProps<"textarea">, "value" | "onChange" | "ref">>) {
  return (
    <FormField {...props}>
      {(control, field) => <Textarea {...input} {...control} {...field} value={field.value ?? ""} />}
    </FormField>
  );
}

/** A number with an optional sign around it. An empty box is `null`, so that nothing is never read as zero. */
export function FormNumber<TInput extends FieldValues, TOutput, TName extends FieldPath<TInput>>({
  input,
  prefix,
  suffix,
  ...props
}: Bound<TInput, TOutput, TName, Omit<ComponentProps<"input">, "value" | "onChange" | "ref" | "prefix">> & {
  prefix?: ReactNode;
  suffix?: ReactNode;
}) {
  return (
    <FormField {...props}>
      {(control, field) => (
        <InputWithAffix
          {...input}
          {...control}
          {...field}
          type="number"
          inputMode="decimal"
          prefix={prefix}
          suffix={suffix}
          value={field.value ?? ""}
          onChange={(event) => field.onChange(event.target.value === "" ? null : event.target.valueAsNumber)}
        />
      )}
    </FormField>
  );
}

/** A choice from a short list. */
export function FormSelect<
  TInput extends FieldValues,
  TOutput,
  TName extends FieldPath<TInput>,
  TValue extends string,
>({
  options,
  placeholder,
  ...props
}: FormFieldProps<TInput, TOutput, TName> & { options: readonly SelectOption<TValue>[]; placeholder?: string }) {
  return (
    <FormField {...props}>
      {(control, field) => (
        <Select
          {...control}
          options={options}
          value={options.find((option) => option.value === field.value)?.value ?? null}
          onValueChange={field.onChange}
          {...(placeholder ? { placeholder } : {})}
        />
      )}
    </FormField>
  );
}

/** Yes or no inside a form; `look="switch"` for settings that read better that way. */
export function FormToggle<TInput extends FieldValues, TOutput, TName extends FieldPath<TInput>>({
  state,
  name,
  label,
  hint,
  look = "checkbox",
}: Pick<FormFieldProps<TInput, TOutput, TName>, "state" | "name" | "label" | "hint"> & {
  look?: "checkbox" | "switch";
}) {
  const { field, fieldState } = useController<TInput, TName, TOutput>({ control: state.form.control, name });
  const Toggle = look === "switch" ? SwitchField : CheckboxField;
  return (
    <div data-field={name} className="flex flex-col gap-1">
      <Toggle
        label={label}
        hint={hint}
        ref={field.ref}
        name={field.name}
        checked={field.value === true}
        onBlur={field.onBlur}
        onCheckedChange={field.onChange}
      />
      {fieldState.error?.message ? <FieldError message={fieldState.error.message} /> : null}
    </div>
  );
}
