"use client";
import { RadioGroup as Primitive } from "radix-ui";
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
    <div className={classNames("flex flex-col gap-1.5", className)}>
      <span id={`${id}-label`} className="font-medium text-sm">
        {label}
      </span>
      <Primitive.Root
        aria-labelledby={`${id}-label`}
        value={value}
        onValueChange={(chosen) => {
          const option = options.find((candidate) => candidate.value === chosen);
          if (option) onValueChange(option.value);
        }}
        className="flex flex-col divide-y divide-line overflow-hidden rounded-lg border border-line"
      >
        {options.map((option) => (
          <label
            key={option.value}
            htmlFor={`${id}-${option.value}`}
            className="flex cursor-pointer items-start gap-2.5 bg-surface px-3 py-2.5 hover:bg-subtle has-[[data-state=checked]]:bg-accent-soft"
          >
            <Primitive.Item
              id={`${id}-${option.value}`}
              value={option.value}
              disabled={option.isDisabled ?? false}
              className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-control bg-surface disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
            >
              <Primitive.Indicator className="size-1.5 rounded-full bg-white" />
            </Primitive.Item>
            <span className="min-w-0">
              <span className="block font-medium text-sm">{option.label}</span>
              {option.hint ? <span className="block text-muted text-xs">{option.hint}</span> : null}
            </span>
          </label>
        ))}
      </Primitive.Root>
    </div>
  );
}
