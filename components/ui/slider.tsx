"use client";
import type { CSSProperties } from "react";
import { cssPercent } from "#components/format/css-percent.ts";
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
      style={filledTo((value - min) / (max - min))}
      className={classNames(
        "slider h-6 w-full min-w-0 cursor-pointer disabled:cursor-not-allowed disabled:opacity-50",
        className,
      )}
    />
  );
}

/** How far the track is painted; the stylesheet's `slider` reads it. A custom property is a style to the browser, though not to its type. */
function filledTo(share: number): CSSProperties {
  return { "--filled": cssPercent(share) } as CSSProperties;
}
