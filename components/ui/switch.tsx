"use client";
import { type ReactNode, useId } from "react";
import type { ToggleProps } from "#components/ui/checkbox.tsx";
import { classNames } from "#components/ui/class-names.ts";

/** On or off, at once. Inside a form that is submitted, prefer `Checkbox`. */
export function Switch({ className, onCheckedChange, ...props }: ToggleProps) {
  return (
    <input
      type="checkbox"
      role="switch"
      aria-checked={props.checked}
      className={classNames(
        "relative h-5 w-9 shrink-0 cursor-pointer appearance-none rounded-full bg-control transition-colors before:absolute before:top-0.75 before:left-0.75 before:size-3.5 before:rounded-full before:bg-white before:shadow-card before:transition-transform checked:bg-accent checked:before:translate-x-4 disabled:cursor-not-allowed disabled:opacity-50",
        className,
      )}
      onChange={(event) => onCheckedChange?.(event.target.checked)}
      {...props}
    />
  );
}

/** A switch with label and hint; label left, switch right. */
export function SwitchField({ label, hint, ...props }: ToggleProps & { label: ReactNode; hint?: ReactNode }) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <label htmlFor={props.id ?? id} className="block font-medium text-sm">
          {label}
        </label>
        {hint ? (
          <p id={`${id}-hint`} className="text-muted text-xs">
            {hint}
          </p>
        ) : null}
      </div>
      <Switch id={id} aria-describedby={hint ? `${id}-hint` : undefined} {...props} />
    </div>
  );
}
