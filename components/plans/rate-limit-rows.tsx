"use client";
import { Plus, Trash2 } from "lucide-react";
import { useFieldArray, useWatch } from "react-hook-form";
import { FormNumber, FormSelect } from "#components/forms/form-controls.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import type { PlanFormInput, PlanFormOutput } from "#components/plans/plan-form-values.ts";
import { rateLimitWords, windowSecondsOf } from "#components/plans/rate-limit-words.ts";
import { Button } from "#components/ui/button.tsx";

const limitsMax = 20;
const unitOptions = [
  { value: "second", label: "seconds" },
  { value: "minute", label: "minutes" },
  { value: "hour", label: "hours" },
  { value: "day", label: "days" },
] as const;

type State = ResourceFormState<PlanFormInput, PlanFormOutput>;

/** The rate limits of a plan, one row each, with the sentence that each row makes. */
export function RateLimitRows({ state }: { state: State }) {
  const rows = useFieldArray({ control: state.form.control, name: "rateLimits" });
  return (
    <div data-field="rateLimits" className="flex flex-col gap-3">
      {rows.fields.length === 0 ? (
        <p className="text-muted text-sm">No limit: consumers on this plan may call as often as they like.</p>
      ) : null}
      {rows.fields.map((row, index) => (
        <LimitRow key={row.id} state={state} index={index} onRemove={() => rows.remove(index)} />
      ))}
      {rows.fields.length < limitsMax ? (
        <Button size="sm" className="self-start" onClick={() => rows.append({ limit: 1_000, count: 1, unit: "hour" })}>
          <Plus aria-hidden />
          Add a limit
        </Button>
      ) : null}
    </div>
  );
}

function LimitRow({ state, index, onRemove }: { state: State; index: number; onRemove: () => void }) {
  return (
    <fieldset data-field={`rateLimits.${index}`} className="rounded-lg border border-line p-3">
      <legend className="sr-only">Limit {index + 1}</legend>
      <div className="flex items-start gap-2">
        <div className="grid min-w-0 grow gap-3 sm:grid-cols-[1.4fr_1fr_1fr]">
          <FormNumber
            state={state}
            name={`rateLimits.${index}.limit`}
            label="At most"
            suffix="requests"
            input={{ min: 1, step: 1 }}
          />
          <FormNumber state={state} name={`rateLimits.${index}.count`} label="Every" input={{ min: 1, step: 1 }} />
          <FormSelect state={state} name={`rateLimits.${index}.unit`} label="Unit" options={unitOptions} />
        </div>
        <Button
          variant="ghost"
          size="icon"
          className="mt-6"
          aria-label={`Remove limit ${index + 1}`}
          onClick={onRemove}
        >
          <Trash2 aria-hidden />
        </Button>
      </div>
      <LimitSentence state={state} index={index} />
    </fieldset>
  );
}

function LimitSentence({ state, index }: { state: State; index: number }) {
  const row = useWatch({ control: state.form.control, name: `rateLimits.${index}` });
  if (!row || !Number.isInteger(row.limit) || !Number.isInteger(row.count) || row.limit < 1 || row.count < 1)
    return null;
  return (
    <p className="mt-2 text-muted text-xs">
      {rateLimitWords({ limit: row.limit, windowSeconds: windowSecondsOf(row.count, row.unit) })}; as many at once as
      the limit allows.
    </p>
  );
}
