"use client";
import { type ReactNode, useId } from "react";
import { classNames } from "#components/ui/class-names.ts";

export type Segment<TValue extends string> = { value: TValue; label: ReactNode; name?: string };

/** One of two to five short words, all in sight. An icon segment needs `name`. */
export function SegmentedControl<TValue extends string>({
  label,
  segments,
  value,
  onValueChange,
  className,
}: {
  label: string;
  segments: readonly Segment<TValue>[];
  value: TValue;
  onValueChange: (value: TValue) => void;
  className?: string;
}) {
  const group = useId();
  return (
    <fieldset className={classNames("w-fit min-w-0", className)}>
      <legend className="sr-only">{label}</legend>
      <div className="flex h-8 rounded-md border border-line-strong bg-subtle p-0.5">
        {segments.map((segment) => (
          <label
            key={segment.value}
            title={segment.name}
            className="relative inline-flex cursor-pointer items-center gap-1.5 rounded-sm px-2.5 text-muted text-sm transition-colors hover:text-fg has-[:checked]:bg-selected has-[:checked]:text-fg has-[:checked]:shadow-card has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent-text [&_svg]:size-4"
          >
            <input
              type="radio"
              name={group}
              value={segment.value}
              checked={segment.value === value}
              onChange={() => onValueChange(segment.value)}
              aria-label={segment.name}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            {segment.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
