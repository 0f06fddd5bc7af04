"use client";
import { toLocalInput } from "#components/format/local-input.ts";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";

const hourMs = 3_600_000;

/** Now, or at a time of the viewer's clock. `value` is null for now, else what a `datetime-local` box holds. */
export function WhenField({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  return (
    <div className="flex flex-col gap-3">
      <RadioGroup
        label="When"
        value={value === null ? "now" : "later"}
        onValueChange={(next) =>
          onChange(next === "now" ? null : toLocalInput(new Date(Date.now() + hourMs).toISOString()))
        }
        options={[
          { value: "now", label: "Now" },
          {
            value: "later",
            label: "At a time",
            hint: "Exactly what is listed here. If the draft changes before, nothing is published.",
          },
        ]}
      />
      {value === null ? null : (
        <Field label="Publish at" isRequired hint="In your time zone.">
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              className="num max-w-60"
              value={value}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
      )}
    </div>
  );
}
