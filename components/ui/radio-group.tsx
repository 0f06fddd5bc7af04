"use client";
import { type ReactNode, useId } from "react";
import { classNames } from "#components/ui/class-names.ts";

export type RadioOption<TValue extends string> = {
  value: TValue;
  label: ReactNode;
  hint?: ReactNode;
  isDisabled?: boolean;
};

/** One of a few choices that each deserve a sentence. */
export function RadioGroup<TValue extends string>({
  label,
  options,
  value,
  onValueChange,
  className,
}: {
  /** Names the group; shown above it. */
  label: string;
  options: readonly RadioOption<TValue>[];
  value: TValue;
  onValueChange: (value: TValue) => void;
  className?: string;
}) {
  const id = useId();
  return (
    <fieldset className={classNames("min-w-0", className)}>
      <legend className="mb-1.5 font-medium text-sm">{label}</legend>
      <div className="flex flex-col divide-y divide-line overflow-hidden rounded-lg border border-line">
        {options.map((option) => (
          <label
            key={option.value}
            htmlFor={`${id}-${option.value}`}
            className="flex cursor-pointer items-start gap-2.5 bg-surface px-3 py-2.5 hover:bg-subtle has-[:checked]:bg-accent-soft has-[:disabled]:cursor-not-allowed has-[:disabled]:opacity-50"
          >
            <input
              type="radio"
              id={`${id}-${option.value}`}
              name={id}
              value={option.value}
              checked={option.value === value}
              onChange={() => onValueChange(option.value)}
              disabled={option.isDisabled}
              aria-describedby={option.hint ? `${id}-${option.value}-hint` : undefined}
              aria-labelledby={`${id}-${option.value}-label`}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0">
              <span id={`${id}-${option.value}-label`} className="block font-medium text-sm">
                {option.label}
              </span>
              {option.hint ? (
                <span id={`${id}-${option.value}-hint`} className="block text-muted text-xs">
                  {option.hint}
                </span>
              ) : null}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
