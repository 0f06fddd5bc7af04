"use client";
import { RadioGroup as Primitive } from "radix-ui";
import type { ReactNode } from "react";
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
  return (
    <Primitive.Root
      aria-label={label}
      orientation="horizontal"
      value={value}
      onValueChange={(chosen) => {
        const segment = segments.find((candidate) => candidate.value === chosen);
        if (segment) onValueChange(segment.value);
      }}
      className={classNames("inline-flex h-8 w-fit rounded-md border border-line-strong bg-subtle p-0.5", className)}
    >
      {segments.map((segment) => (
        <Primitive.Item
          key={segment.value}
          value={segment.value}
          {...(segment.name ? { "aria-label": segment.name, title: segment.name } : {})}
          className="inline-flex items-center gap-1.5 rounded-sm px-2.5 text-muted text-sm transition-colors hover:text-fg data-[state=checked]:bg-selected data-[state=checked]:text-fg data-[state=checked]:shadow-card [&_svg]:size-4"
        >
          {segment.label}
        </Primitive.Item>
      ))}
    </Primitive.Root>
  );
}
