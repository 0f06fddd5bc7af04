"use client";
import { FormInput, FormNumber, FormSelect, FormToggle } from "#components/forms/form-controls.tsx";
import { FormSection } from "#components/forms/resource-form.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { HEALTH_FIELDS } from "#components/upstreams/health-values.ts";
import type { UpstreamFormInput, UpstreamFormOutput } from "#components/upstreams/upstream-form-values.ts";

type State = ResourceFormState<UpstreamFormInput, UpstreamFormOutput>;

const whenAllOutOptions = [
  { value: "refuse", label: "Refuse the call with 503" },
  { value: "try", label: "Try this upstream all the same" },
] as const;

const probeOptions = [
  { value: "connect", label: "Connect, while it cannot be reached" },
  { value: "http", label: "Ask for a path, all the time" },
  { value: "off", label: "None: only calls tell" },
] as const;

/** When targets and credentials of an upstream are taken out of service, and how nodes find out that they are back. */
export function HealthFields({ state }: { state: State }) {
  return (
    <>
      <FormSection
        title="Health"
        description="What failing takes out of service. Server errors, resets and timeouts count; what the caller did wrong does not."
      >
        <div className="grid gap-4 sm:grid-cols-2">
          {HEALTH_FIELDS.map(({ key, label, hint, suffix }) => (
            <FormNumber
              key={key}
              state={state}
              name={`health.${key}`}
              label={label}
              hint={hint}
              {...(suffix === undefined ? {} : { suffix })}
              input={{ min: 0, step: "any" }}
            />
          ))}
          <FormSelect
            state={state}
            name="health.whenAllOut"
            label="When every target of a route is out"
            options={whenAllOutOptions}
          />
        </div>
      </FormSection>
      <ProbeSection state={state} />
    </>
  );
}

function ProbeSection({ state }: { state: State }) {
  const kind = state.form.watch("health.probe.kind");
  return (
    <FormSection
      title="Probe"
      description="How nodes find out sooner that it is back. Never a call that costs anything."
    >
      <FormSelect state={state} name="health.probe.kind" label="Probe" options={probeOptions} />
      {kind === "off" ? null : (
        <div className="grid gap-4 sm:grid-cols-2">
          <FormNumber
            state={state}
            name="health.probe.intervalSeconds"
            label="Every"
            suffix="s"
            input={{ min: 0, step: "any" }}
          />
          <FormNumber
            state={state}
            name="health.probe.timeoutMs"
            label="Fails after"
            suffix="ms"
            input={{ min: 10, step: 1 }}
          />
        </div>
      )}
      {kind === "http" ? <PathFields state={state} /> : null}
    </FormSection>
  );
}

function PathFields({ state }: { state: State }) {
  return (
    <>
      <FormInput
        state={state}
        name="health.probe.path"
        label="Path"
        hint="From the root of the host. A 2xx or 3xx passes."
        input={{ autoComplete: "off", spellCheck: false, placeholder: "/health" }}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <FormNumber
          state={state}
          name="health.probe.failuresToOpen"
          label="Failures to take it out"
          input={{ min: 1, step: 1 }}
        />
        <FormNumber
          state={state}
          name="health.probe.passesToReturn"
          label="Passes to bring it back"
          input={{ min: 1, step: 1 }}
        />
      </div>
      <FormToggle
        state={state}
        name="health.probe.sendsCredential"
        look="switch"
        label="Send the credential"
        hint="For a path that wants one. Choose a path that costs nothing."
      />
    </>
  );
}
