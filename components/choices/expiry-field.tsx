"use client";
import { useState } from "react";
import type { FieldControlProps } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Timestamp } from "#components/ui/relative-time.tsx";
import { Select } from "#components/ui/select.tsx";

const dayMs = 86_400_000;
const presets = [
  { value: "keep", label: "As it is", days: null },
  { value: "never", label: "Never", days: null },
  { value: "7", label: "In 7 days", days: 7 },
  { value: "30", label: "In 30 days", days: 30 },
  { value: "90", label: "In 90 days", days: 90 },
  { value: "365", label: "In a year", days: 365 },
  { value: "date", label: "On a date…", days: null },
] as const;
type Preset = (typeof presets)[number]["value"];

/** When something stops working: a preset, a day of the viewer's calendar, or never. `value` is an ISO time or null. */
export function ExpiryField({
  control,
  value,
  onValueChange,
  neverWords,
}: {
  control: FieldControlProps;
  value: string | null;
  onValueChange: (value: string | null) => void;
  /** What "never" means: "It works until it is revoked." */
  neverWords: string;
}) {
  const [isExisting] = useState(value !== null);
  const [preset, setPreset] = useState<Preset>(value === null ? "never" : "keep");
  const [first] = useState(value);
  const choose = (chosen: Preset) => {
    setPreset(chosen);
    const days = presets.find((entry) => entry.value === chosen)?.days ?? null;
    if (chosen === "keep") onValueChange(first);
    else if (days !== null) onValueChange(new Date(Date.now() + days * dayMs).toISOString());
    else onValueChange(null);
  };
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap gap-2">
        <Select
          {...control}
          className="w-40"
          options={presets.filter((entry) => isExisting || entry.value !== "keep")}
          value={preset}
          onValueChange={choose}
        />
        {preset === "date" ? (
          <Input
            type="date"
            aria-label="Last day it works"
            className="num w-40"
            min={dayInput(Date.now())}
            onChange={(event) => onValueChange(endOfDay(event.target.value))}
          />
        ) : null}
      </div>
      <p className="text-muted text-xs" aria-live="polite">
        {value !== null ? (
          <>
            Stops working on <Timestamp at={value} />.
          </>
        ) : preset === "date" ? (
          "Choose the last day it works."
        ) : (
          neverWords
        )}
      </p>
    </div>
  );
}

/** A moment as the value of a date input, in the viewer's zone. */
function dayInput(atMs: number): string {
  const at = new Date(atMs);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** The last moment of a day in the viewer's zone, as an ISO time; null for no day. */
function endOfDay(day: string): string | null {
  const at = new Date(`${day}T23:59:59`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
