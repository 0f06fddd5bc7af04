"use client";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useFieldArray, useWatch } from "react-hook-form";
import { formatPercent } from "#components/format/number.ts";
import { FormNumber, FormSelect } from "#components/forms/form-controls.tsx";
import { FormRow } from "#components/forms/form-row.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { ModelField } from "#components/routes/model-field.tsx";
import { sharesOf } from "#components/routes/target-shares.ts";
import { newTarget, type VersionFormInput, type VersionFormOutput } from "#components/routes/version-form-values.ts";
import { Button } from "#components/ui/button.tsx";
import { CheckboxField } from "#components/ui/checkbox.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Slider } from "#components/ui/slider.tsx";
import { REST_PROVIDER } from "#lib/contract/providers.ts";
import { useEveryUpstream } from "#lib/query/upstreams.ts";

const targetsMax = 50;
const sliderMaxes = [10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000] as const;
const weightMax = 1_000_000;

type State = ResourceFormState<VersionFormInput, VersionFormOutput>;
type Option = { value: string; label: string };

/** The targets of a version, one row each, with the share of traffic that each gets. */
export function TargetRows({ state }: { state: State }) {
  const { data: upstreams, isError } = useEveryUpstream();
  const { control, formState } = state.form;
  const rows = useFieldArray({ control, name: "targets" });
  const kind = useWatch({ control, name: "kind" });
  const fitting = upstreams?.filter(({ provider }) => (provider === REST_PROVIDER) === (kind === "http"));
  const options = fitting?.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const wholeError = formState.errors.targets?.root?.message ?? formState.errors.targets?.message;
  return (
    <div data-field="targets" className="flex flex-col gap-3">
      {isError ? <Notice tone="danger">The upstreams did not load. Reload the page to choose one.</Notice> : null}
      {fitting?.length === 0 ? (
        <Notice tone="warning">
          {kind === "http" ? "There is no upstream of the provider REST API yet." : "There is no upstream yet."}{" "}
          <Link href="/upstreams/new" prefetch={false} className="text-accent-text underline">
            Add one first
          </Link>
        </Notice>
      ) : null}
      {rows.fields.map((row, index) => (
        <TargetRow
          key={row.id}
          state={state}
          index={index}
          options={options}
          onRemove={rows.fields.length > 1 ? () => rows.remove(index) : null}
        />
      ))}
      {wholeError ? <FieldError message={wholeError} /> : null}
      {rows.fields.length < targetsMax ? (
        <Button size="sm" className="self-start" onClick={() => rows.append(newTarget(1))}>
          <Plus aria-hidden />
          Add a target
        </Button>
      ) : null}
    </div>
  );
}

function TargetRow({
  state,
  index,
  options,
  onRemove,
}: {
  state: State;
  index: number;
  options: readonly Option[];
  onRemove: (() => void) | null;
}) {
  const kind = useWatch({ control: state.form.control, name: "kind" });
  const upstreamId = useWatch({ control: state.form.control, name: `targets.${index}.upstreamId` });
  const provider = useEveryUpstream().data?.find(({ id }) => id === upstreamId)?.provider ?? null;
  return (
    <FormRow state={state} name={`targets.${index}`} title={`Target ${index + 1}`} onRemove={onRemove}>
      <div className="grid gap-3 sm:grid-cols-2">
        <FormSelect state={state} name={`targets.${index}.upstreamId`} label="Upstream" isRequired options={options} />
        {kind === "http" ? null : <ModelField state={state} index={index} provider={provider} />}
      </div>
      <TargetWeight state={state} index={index} />
    </FormRow>
  );
}

function TargetWeight({ state, index }: { state: State; index: number }) {
  const { control, setValue } = state.form;
  const strategy = useWatch({ control, name: "strategy" });
  const targets = useWatch({ control, name: "targets" });
  const weight = targets[index]?.weight ?? 0;
  const share = formatPercent(sharesOf(strategy, targets)[index] ?? 0);
  // The scale stands still while it is dragged along: it is chosen once, and only ever grows.
  const [scale] = useState(() => scaleFor(targets));
  const set = (next: number) =>
    setValue(`targets.${index}.weight`, next, { shouldDirty: true, shouldValidate: state.form.formState.isSubmitted });
  if (strategy === "round_robin") {
    return (
      <div className="mt-3 flex items-center justify-between gap-3">
        <CheckboxField label="In service" checked={weight > 0} onCheckedChange={(isOn) => set(isOn === true ? 1 : 0)} />
        <span className="num text-muted text-sm">{share} of the calls</span>
      </div>
    );
  }
  return (
    <div className="mt-3 grid items-end gap-x-4 gap-y-2 sm:grid-cols-[1fr_7rem_7rem]">
      <Slider
        label={`Weight of target ${index + 1}`}
        value={Number.isFinite(weight) ? weight : 0}
        onValueChange={set}
        max={Math.max(scale, ...targets.map((target) => target.weight || 0))}
        format={(value) => `weight ${value}, ${share} of the calls`}
        className="h-8"
      />
      <FormNumber state={state} name={`targets.${index}.weight`} label="Weight" input={{ min: 0, step: 1 }} />
      <p className="num pb-1.5 text-muted text-sm sm:text-right">{share} of calls</p>
      {strategy === "priority" ? (
        <FormNumber
          state={state}
          name={`targets.${index}.priority`}
          label="Priority"
          hint="The lowest number serves first."
          input={{ min: 0, max: 1_000, step: 1 }}
        />
      ) : null}
    </div>
  );
}

/** A round end of the scale with room above the largest weight. */
function scaleFor(targets: readonly { weight: number }[]): number {
  const largest = Math.max(...targets.map((target) => target.weight || 0));
  return sliderMaxes.find((end) => end >= 2 * largest) ?? weightMax;
}
