"use client";
import { Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { FieldPath, FieldValues } from "react-hook-form";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { Button } from "#components/ui/button.tsx";
import { FieldError } from "#components/ui/field.tsx";

/** One row of a list in a form: its title with the way to remove it, its fields, and what is wrong with it as a whole. */
export function FormRow<TInput extends FieldValues, TOutput>({
  state,
  name,
  title,
  onRemove,
  children,
}: {
  state: ResourceFormState<TInput, TOutput>;
  /** The row's own path: "rateLimits.0". */
  name: FieldPath<TInput>;
  /** What the row is called, such as "Limit 1". */
  title: string;
  /** Null where the row has to stay. */
  onRemove: (() => void) | null;
  children: ReactNode;
}) {
  const { error } = state.form.getFieldState(name, state.form.formState);
  return (
    <fieldset data-field={name} className="min-w-0 rounded-lg border border-line p-3">
      <legend className="sr-only">{title}</legend>
      <div className="mb-1 flex h-7 items-center justify-between gap-2">
        <p aria-hidden className="font-medium text-muted text-xs">
          {title}
        </p>
        {onRemove ? (
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Remove ${title.charAt(0).toLowerCase()}${title.slice(1)}`}
            onClick={onRemove}
          >
            <Trash2 aria-hidden />
          </Button>
        ) : null}
      </div>
      {children}
      {error?.message ? (
        <div className="mt-2">
          <FieldError message={error.message} />
        </div>
      ) : null}
    </fieldset>
  );
}
