"use client";
import { Plus } from "lucide-react";
import { useFieldArray, useWatch } from "react-hook-form";
import { FormNumber, FormSelect, FormToggle } from "#components/forms/form-controls.tsx";
import { FormRow } from "#components/forms/form-row.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { limitOfRow, newLimitRow, type RateLimitBoxes } from "#components/plans/rate-limit-values.ts";
import { type LimitOwner, rateLimitWords } from "#components/plans/rate-limit-words.ts";
import { Button } from "#components/ui/button.tsx";
import { RATE_LIMITS_MAX } from "#lib/contract/rate-limit.ts";

const metricOptions = [
  { value: "requests", label: "Requests" },
  { value: "tokens", label: "Tokens" },
  { value: "concurrency", label: "Calls at a time" },
] as const;
const suffixes = { requests: "requests", tokens: "tokens", concurrency: "calls" } as const;
const unitOptions = [
  { value: "second", label: "seconds" },
  { value: "minute", label: "minutes" },
  { value: "hour", label: "hours" },
  { value: "day", label: "days" },
] as const;
const callerOptions = [
  { value: "consumer", label: "Each consumer" },
  { value: "key", label: "Each key" },
  { value: "team", label: "Each team" },
  { value: "address", label: "Each source address" },
] as const;
const scopeOptions = {
  plan: callerOptions,
  route: [{ value: "route", label: "All callers together" }, ...callerOptions],
} as const;
const emptyWords = {
  plan: "No limit: consumers on this plan may call as often as they like.",
  route: "No limit of its own: the plans' limits hold.",
  upstream: "No limit: as much is sent to it as comes.",
} as const;

/** What a form needs to have to hold rate limits. */
type WithLimits = { rateLimits: RateLimitBoxes };
type State = ResourceFormState<WithLimits, unknown>;

/** The same form, seen as one of rate limits only: its values have `rateLimits` of just this form, as `TInput` says. */
function limitsPart<TInput extends WithLimits, TOutput>(state: ResourceFormState<TInput, TOutput>): State {
  return state as unknown as State;
}

/** The rate limits of a plan, a route or an upstream, one row each, with the sentence that each row makes. */
export function RateLimitRows<TInput extends WithLimits, TOutput>({
  state: form,
  owner,
}: {
  state: ResourceFormState<TInput, TOutput>;
  owner: LimitOwner;
}) {
  const state = limitsPart(form);
  const rows = useFieldArray({ control: state.form.control, name: "rateLimits" });
  return (
    <div data-field="rateLimits" className="flex flex-col gap-3">
      {rows.fields.length === 0 ? <p className="text-muted text-sm">{emptyWords[owner]}</p> : null}
      {rows.fields.map((row, index) => (
        <LimitRow key={row.id} state={state} owner={owner} index={index} onRemove={() => rows.remove(index)} />
      ))}
      {rows.fields.length < RATE_LIMITS_MAX ? (
        <Button size="sm" className="self-start" onClick={() => rows.append(newLimitRow(owner))}>
          <Plus aria-hidden />
          Add a limit
        </Button>
      ) : null}
    </div>
  );
}

type RowProps = { state: State; owner: LimitOwner; index: number };

function LimitRow({ state, owner, index, onRemove }: RowProps & { onRemove: () => void }) {
  const metric = useWatch({ control: state.form.control, name: `rateLimits.${index}.metric` });
  return (
    <FormRow state={state} name={`rateLimits.${index}`} title={`Limit ${index + 1}`} onRemove={onRemove}>
      <div className="grid gap-3 sm:grid-cols-2">
        <FormSelect state={state} name={`rateLimits.${index}.metric`} label="Of what" options={metricOptions} />
        <FormNumber
          state={state}
          name={`rateLimits.${index}.limit`}
          label="At most"
          suffix={suffixes[metric]}
          input={{ min: 1, step: 1 }}
        />
        {metric === "concurrency" ? null : <WindowFields state={state} index={index} />}
        {owner === "upstream" ? null : (
          <FormSelect
            state={state}
            name={`rateLimits.${index}.per`}
            label="Counted for"
            options={scopeOptions[owner]}
          />
        )}
      </div>
      <div className="mt-3">
        <FormToggle
          state={state}
          name={`rateLimits.${index}.isShadow`}
          label="Shadow"
          hint="Counts, and notes on a call that it would have been refused; refuses nobody."
        />
      </div>
      <LimitSentence state={state} owner={owner} index={index} />
    </FormRow>
  );
}

function WindowFields({ state, index }: Omit<RowProps, "owner">) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <FormNumber state={state} name={`rateLimits.${index}.count`} label="Every" input={{ min: 1, step: 1 }} />
      <FormSelect state={state} name={`rateLimits.${index}.unit`} label="Unit" options={unitOptions} />
    </div>
  );
}

function LimitSentence({ state, owner, index }: RowProps) {
  const row = useWatch({ control: state.form.control, name: `rateLimits.${index}` });
  if (!row || !Number.isInteger(row.limit) || !Number.isInteger(row.count) || row.limit < 1 || row.count < 1)
    return null;
  return <p className="mt-2 text-muted text-xs">{rateLimitWords(limitOfRow(row), owner)}.</p>;
}
