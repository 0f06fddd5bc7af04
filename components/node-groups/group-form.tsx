"use client";
import { useWatch } from "react-hook-form";
import { FormInput, FormNumber, FormTextarea, FormToggle } from "#components/forms/form-controls.tsx";
import { FormSection, ResourceForm } from "#components/forms/resource-form.tsx";
import type { Race } from "#components/forms/use-race.ts";
import { type ResourceFormState, useResourceForm } from "#components/forms/use-resource-form.ts";
import {
  type GroupFormInput,
  type GroupFormOutput,
  GroupFormSchema,
} from "#components/node-groups/group-form-values.ts";
import { Card } from "#components/ui/card.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";

type State = ResourceFormState<GroupFormInput, GroupFormOutput>;

/** Makes or edits a group; the caller sends what it gives. */
export function GroupForm({
  initial,
  isNew,
  submitLabel,
  onSubmit,
  onCancel,
  race,
}: {
  initial: GroupFormInput;
  /** Nodes and tokens go by a group's name, so it is given once. */
  isNew: boolean;
  submitLabel: string;
  onSubmit: (values: GroupFormOutput) => Promise<void>;
  onCancel: () => void;
  /** Of a group that exists: others may change it meanwhile. */
  race?: Race<GroupFormInput>;
}) {
  const state = useResourceForm({ schema: GroupFormSchema, defaultValues: initial, onSubmit, race });
  const kind = useWatch({ control: state.form.control, name: "driver.kind" });
  const isScaled = useWatch({ control: state.form.control, name: "isScaled" });
  return (
    <Card className="p-4 md:p-5">
      <ResourceForm state={state} submitLabel={submitLabel} onCancel={onCancel}>
        <FormSection title="Group" description="Nodes of a group scale together, and can be a canary together.">
          {isNew ? (
            <FormInput
              state={state}
              name="name"
              label="Name"
              isRequired
              hint="Lower-case letters, digits and -. It stays as it is."
              input={{ autoComplete: "off", spellCheck: false }}
            />
          ) : null}
          <FormTextarea state={state} name="description" label="Description" isOptionalShown input={{ rows: 2 }} />
        </FormSection>
        <FormSection title="Who starts and ends nodes">
          <RadioGroup
            label="Driver"
            value={kind}
            onValueChange={(next) =>
              state.form.setValue("driver.kind", next, {
                shouldDirty: true,
                shouldValidate: state.form.formState.isSubmitted,
              })
            }
            options={[
              { value: "none", label: "Nobody", hint: "People start nodes by hand, or another program does." },
              {
                value: "local",
                label: "The supervisor on their machine",
                hint: "Nodes of one machine share a port; this is what `npm start` runs.",
              },
              { value: "kubernetes", label: "Kubernetes", hint: "The replicas of a Deployment are set." },
              { value: "webhook", label: "A webhook", hint: "A signed request says how many nodes there are to be." },
            ]}
          />
          <DriverFields state={state} kind={kind} isNew={isNew} />
        </FormSection>
        {kind === "none" ? null : (
          <FormSection title="Size" description="The scaler looks every five seconds, and keeps what it did and why.">
            <FormToggle
              state={state}
              name="isScaled"
              label="Scale this group by its load"
              hint="Otherwise its size stays as it is."
              look="switch"
            />
            {isScaled ? <ScalingFields state={state} /> : null}
          </FormSection>
        )}
      </ResourceForm>
    </Card>
  );
}

function DriverFields({
  state,
  kind,
  isNew,
}: {
  state: State;
  kind: GroupFormInput["driver"]["kind"];
  isNew: boolean;
}) {
  if (kind === "kubernetes") {
    return (
      <div className="grid gap-4 sm:grid-cols-2">
        <FormInput state={state} name="driver.namespace" label="Namespace" isRequired input={{ autoComplete: "off" }} />
        <FormInput
          state={state}
          name="driver.deployment"
          label="Deployment"
          isRequired
          input={{ autoComplete: "off" }}
        />
      </div>
    );
  }
  if (kind !== "webhook") return null;
  return (
    <>
      <FormInput
        state={state}
        name="driver.url"
        label="Address"
        isRequired
        input={{ type: "url", autoComplete: "off", placeholder: "https://" }}
      />
      <FormInput
        state={state}
        name="driver.secret"
        label="Secret"
        isRequired={isNew}
        hint="Requests are signed with it. At least 16 characters; left empty, the present one stays."
        input={{ type: "password", autoComplete: "new-password" }}
      />
      <FormToggle
        state={state}
        name="driver.allowPrivateNetwork"
        label="The address may be a private one"
        hint="For a receiver inside your own network."
      />
    </>
  );
}

function ScalingFields({ state }: { state: State }) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <FormNumber state={state} name="scaling.minimum" label="At least" isRequired suffix="nodes" />
        <FormNumber state={state} name="scaling.maximum" label="At most" isRequired suffix="nodes" />
      </div>
      <p className="text-muted text-sm">
        What each node should have on average. The one that asks for the most nodes counts; an empty box counts for
        nothing.
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        <FormNumber state={state} name="scaling.targets.cpu" label="CPU" isOptionalShown suffix="% of a core" />
        <FormNumber state={state} name="scaling.targets.inFlight" label="Calls in flight" isOptionalShown />
        <FormNumber state={state} name="scaling.targets.callsPerSecond" label="Calls a second" isOptionalShown />
        <FormNumber
          state={state}
          name="scaling.targets.eventLoopDelayMs"
          label="Event-loop delay"
          isOptionalShown
          suffix="ms"
          hint="Adds nodes; how few are enough the others say."
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <FormNumber state={state} name="scaling.scaleUpAt" label="Add nodes above" suffix="% of a target" />
        <FormNumber state={state} name="scaling.scaleDownAt" label="Take nodes away below" suffix="% of all targets" />
        <FormNumber
          state={state}
          name="scaling.cooldownUpSeconds"
          label="Pause after adding"
          suffix="s"
          hint="No more are added for so long."
        />
        <FormNumber
          state={state}
          name="scaling.cooldownDownSeconds"
          label="Calm before taking away"
          suffix="s"
          hint="For so long fewer must have been enough."
        />
      </div>
    </>
  );
}
