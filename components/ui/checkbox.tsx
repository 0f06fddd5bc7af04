"use client";
import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** What a checkbox and a switch take: an input's attributes, with a callback that gets the new state. */
export type ToggleProps = Omit<ComponentProps<"input">, "type" | "onChange"> & {
  onCheckedChange?: (isChecked: boolean) => void;
};

export function Checkbox({ className, onCheckedChange, ...props }: ToggleProps) {
  return (
    <input
      type="checkbox"
      className={classNames(
        "size-4 shrink-0 cursor-pointer appearance-none rounded-sm border border-control bg-center bg-surface bg-no-repeat transition-colors checked:border-accent checked:bg-(image:--check) checked:bg-accent disabled:cursor-not-allowed disabled:opacity-50 aria-invalid:border-danger-mark",
        className,
      )}
      onChange={(event) => onCheckedChange?.(event.target.checked)}
      {...props}
    />
  );
}

/** A checkbox with its label and hint on one line. */
export function CheckboxField({ label, hint, ...props }: ToggleProps & { label: ReactNode; hint?: ReactNode }) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <Checkbox id={id} aria-describedby={hint ? `${id}-hint` : undefined} className="mt-0.5" {...props} />
      <div className="min-w-0">
        <label htmlFor={props.id ?? id} className="block text-sm">
          {label}
        </label>
        {hint ? (
          <p id={`${id}-hint`} className="text-muted text-xs">
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  );
}
