"use client";
import type { ReactNode } from "react";
import type { FieldValues } from "react-hook-form";
import { ErrorSummary } from "#components/forms/error-summary.tsx";
import { MergeView } from "#components/forms/merge-view.tsx";
import { UnsavedChangesGuard } from "#components/forms/unsaved-changes-guard.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { Button } from "#components/ui/button.tsx";
import { classNames } from "#components/ui/class-names.ts";

/** The form around the fields: error summary, fields, submit with its pending state, guard against lost edits. */
export function ResourceForm<TInput extends FieldValues, TOutput>({
  state,
  submitLabel,
  onCancel,
  isGuarded = true,
  isFooterShown = true,
  children,
  className,
  id,
}: {
  state: ResourceFormState<TInput, TOutput>;
  submitLabel: string;
  onCancel?: () => void;
  /** Asks before a link or a reload throws edits away. */
  isGuarded?: boolean;
  /** False where a dialog's footer holds the submit button (`<Button type="submit" form={id}>`). */
  isFooterShown?: boolean;
  children: ReactNode;
  className?: string;
  id?: string;
}) {
  const { isSubmitting, isDirty } = state.form.formState;
  return (
    <form
      id={id}
      ref={state.element}
      noValidate
      aria-busy={isSubmitting || undefined}
      onSubmit={state.submit}
      className={classNames("flex flex-col gap-5", className)}
    >
      <ErrorSummary state={state} />
      {state.merge ? <MergeView merge={state.merge} isBusy={isSubmitting} /> : null}
      {children}
      {isFooterShown ? (
        <div className="flex items-center justify-end gap-2 border-line border-t pt-4">
          {onCancel ? (
            <Button onClick={onCancel} disabled={isSubmitting}>
              Cancel
            </Button>
          ) : null}
          <Button type="submit" variant="primary" isPending={isSubmitting}>
            {submitLabel}
          </Button>
        </div>
      ) : null}
      {isGuarded ? <UnsavedChangesGuard isActive={isDirty && !state.isSaved && !isSubmitting} /> : null}
    </form>
  );
}

/** A group of fields under a heading, heading at the left on a wide screen. */
export function FormSection({
  title,
  description,
  children,
}: {
  title: string;
  description?: ReactNode;
  children: ReactNode;
}) {
  return (
    <fieldset className="grid gap-x-8 gap-y-4 border-line border-t pt-5 first:border-0 first:pt-0 lg:grid-cols-[14rem_1fr]">
      <legend className="sr-only">{title}</legend>
      <div className="lg:pt-1">
        <p aria-hidden className="font-semibold text-base">
          {title}
        </p>
        {description ? <p className="text-muted text-sm">{description}</p> : null}
      </div>
      <div className="flex min-w-0 flex-col gap-4">{children}</div>
    </fieldset>
  );
}
