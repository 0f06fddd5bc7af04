"use client";
import { classNames } from "#components/ui/class-names.ts";

/** One value on a scale; arrows move by `step`, Page keys by larger steps. */
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
    <input
      type="range"
      aria-label={label}
      aria-valuetext={format?.(value)}
      value={value}
      min={min}
      max={max}
      step={step}
      disabled={disabled}
      onChange={(event) => onValueChange(event.target.valueAsNumber)}
      className={classNames("h-6 w-full min-w-0 cursor-pointer accent-accent disabled:cursor-not-allowed", className)}
    />
  );
}
