"use client";
import { CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { Label } from "#components/ui/label.tsx";

/** What a control inside a `Field` spreads onto itself. */
export type FieldControlProps = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  "aria-required": true | undefined;
};

export type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  /** The message to show; its presence marks the control as invalid. */
  error?: string | undefined;
  isRequired?: boolean;
  isOptionalShown?: boolean;
  /** A link or badge at the far end of the label's line. */
  aside?: ReactNode;
  className?: string;
  children: (control: FieldControlProps) => ReactNode;
};

/** Label, control, hint and error, wired to each other by id. */
export function Field({ label, hint, error, isRequired, isOptionalShown, aside, className, children }: FieldProps) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const describedBy = [errorId, hintId].filter(Boolean).join(" ");
  return (
    <div className={classNames("flex flex-col gap-1.5", className)}>
      <div className="flex items-baseline justify-between gap-2">
        <Label htmlFor={id}>
          {label}
          {isOptionalShown ? <span className="font-normal text-faint"> (optional)</span> : null}
        </Label>
        {aside ? <span className="text-muted text-xs">{aside}</span> : null}
      </div>
      {children({
        id,
        "aria-describedby": describedBy === "" ? undefined : describedBy,
        "aria-invalid": error ? true : undefined,
        "aria-required": isRequired ? true : undefined,
      })}
      {error ? <FieldError id={errorId} message={error} /> : null}
      {hint ? (
        <p id={hintId} className="text-muted text-xs">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

/** One field's error: sign and words, never colour alone. */
export function FieldError({ id, message }: { id?: string | undefined; message: string }) {
  return (
    <p id={id} className="flex items-start gap-1.5 text-danger text-xs">
      <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
      <span className="min-w-0 break-words">{message}</span>
    </p>
  );
}
