"use client";
import { gateWords, type RolloutValues, reachOf, rolloutInput } from "#components/rollouts/canary-values.ts";
import { Field, FieldError } from "#components/ui/field.tsx";
import { InputWithAffix } from "#components/ui/input.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Select } from "#components/ui/select.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { NodeView } from "#lib/domain/node/schemas.ts";
import { Gate } from "#lib/domain/rollout/schemas.ts";
import { useNodes } from "#lib/query/nodes.ts";

const everyGroup = "*";

/** Whether a revision goes to every node at once or to some first, and what then decides. */
export function RolloutChoice({
  values,
  onChange,
}: {
  values: RolloutValues;
  onChange: (values: RolloutValues) => void;
}) {
  const mayRead = useMay("node.read");
  const { data: nodes = [] } = useNodes({ everyMs: false, isAllowed: mayRead });
  return (
    <div className="flex flex-col gap-3">
      <RadioGroup
        label="Rollout"
        value={values.strategy}
        onValueChange={(strategy) => onChange({ ...values, strategy })}
        options={[
          { value: "all", label: "Every node at once", hint: "Rolling back is one click, and as fast." },
          {
            value: "canary",
            label: "Some nodes first",
            hint: "A gate compares them with the rest, and promotes the revision or rolls it back by itself.",
          },
        ]}
      />
      {values.strategy === "canary" ? <Canary values={values} onChange={onChange} nodes={nodes} /> : null}
    </div>
  );
}

function Canary({
  values,
  onChange,
  nodes,
}: {
  values: RolloutValues;
  onChange: (values: RolloutValues) => void;
  nodes: readonly NodeView[];
}) {
  const groups = [...new Set(nodes.map(({ group }) => group))].toSorted();
  const input = rolloutInput(values);
  const figure = (name: "percent" | "minutes" | "calls" | "errors", label: string, suffix: string) => (
    <Field label={label}>
      {(control) => (
        <InputWithAffix
          {...control}
          inputMode="decimal"
          suffix={suffix}
          value={values[name]}
          onChange={(event) => onChange({ ...values, [name]: event.target.value.trim() })}
        />
      )}
    </Field>
  );
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        {figure("percent", "Share of the nodes", "%")}
        <Field label="Of the group">
          {(control) => (
            <Select
              {...control}
              value={values.group === "" ? everyGroup : values.group}
              onValueChange={(group) => onChange({ ...values, group: group === everyGroup ? "" : group })}
              options={[
                { value: everyGroup, label: "Every group" },
                ...groups.map((group) => ({ value: group, label: group })),
              ]}
            />
          )}
        </Field>
        {figure("minutes", "Watched for", "minutes")}
        {figure("calls", "Calls on each side", "at least")}
        {figure("errors", "More errors than the rest", "% at most")}
      </div>
      {"problem" in input ? (
        <FieldError message={input.problem} />
      ) : (
        <p className="text-muted text-sm">
          {reachWords(nodes, values)}{" "}
          {input.rollout.strategy === "canary" ? gateWords(Gate.parse(input.rollout.gate)) : null}
        </p>
      )}
    </>
  );
}

function reachWords(nodes: readonly NodeView[], values: RolloutValues): string {
  const { reached, of } = reachOf(nodes, values);
  if (of === 0) return "No node could take it now.";
  return `Goes to ${reached} of ${of} ${of === 1 ? "node" : "nodes"} first.`;
}
