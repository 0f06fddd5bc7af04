"use client";
import { Slider as Primitive } from "radix-ui";
import { classNames } from "#components/ui/class-names.ts";

/** One value on a scale; arrows move by `step`, Page keys by ten steps. */
export function Slider({
  label,
  value,
  onValueChange,
  min = 0,
  max = 100,
  step = 1,
  format,
  className,
  disabled = false,
}: {
  label: string;
  value: number;
  onValueChange: (value: number) => void;
  min?: number;
  max?: number;
  step?: number;
  /** Words for the value, also read by screen readers ("40 % of traffic"). */
  format?: (value: number) => string;
  className?: string;
  disabled?: boolean;
}) {
  return (
    <Primitive.Root
      className={classNames("relative flex h-6 w-full touch-none select-none items-center", className)}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onValueChange(next)}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
    >
      <Primitive.Track className="relative h-1.5 w-full grow overflow-hidden rounded-full bg-line-strong">
        <Primitive.Range className="absolute h-full bg-accent" />
      </Primitive.Track>
      <Primitive.Thumb
        aria-label={label}
        aria-valuetext={format?.(value)}
        className="block size-4 rounded-full border-2 border-accent bg-white shadow-card disabled:opacity-50"
      />
    </Primitive.Root>
  );
}
