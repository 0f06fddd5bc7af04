"use client";
import { Plus } from "lucide-react";
import { useController, useFieldArray, useWatch } from "react-hook-form";
import { sentenceCase } from "#components/format/words.ts";
import { FormInput, FormNumber, FormSelect, FormTextarea, FormToggle } from "#components/forms/form-controls.tsx";
import { FormRow } from "#components/forms/form-row.tsx";
import { FormSection } from "#components/forms/resource-form.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { guardrailOfRow, newGuardrail } from "#components/routes/guardrail-values.ts";
import { guardrailWords, piiWords } from "#components/routes/guardrail-words.ts";
import type { VersionFormInput, VersionFormOutput } from "#components/routes/version-form-values.ts";
import { Button } from "#components/ui/button.tsx";
import { CheckboxField } from "#components/ui/checkbox.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { PII_TYPES } from "#lib/contract/guardrail.ts";
import { useEveryUpstream } from "#lib/query/upstreams.ts";

const guardsMax = 20;
const kindOptions = [
  { value: "pii", label: "Personal data" },
  { value: "pattern", label: "Patterns" },
  { value: "max_prompt", label: "Size of the prompt" },
  { value: "max_output", label: "Length of the answer" },
  { value: "parameters", label: "Parameters" },
  { value: "webhook", label: "A guard server" },
] as const;
const whereOptions = [
  { value: "prompt", label: "Prompts" },
  { value: "answer", label: "Answers" },
  { value: "both", label: "Prompts and answers" },
] as const;
const ruleOptions = [
  { value: "deny", label: "All but these" },
  { value: "allow", label: "Only these" },
] as const;

type State = ResourceFormState<VersionFormInput, VersionFormOutput>;
type RowProps = { state: State; index: number };

/** The guardrails of a version, one row each, with the sentence that each row makes. */
export function GuardrailFields({ state }: { state: State }) {
  const rows = useFieldArray({ control: state.form.control, name: "guardrails" });
  return (
    <FormSection
      title="Guardrails"
      description="What calls are checked for, beyond who may call. Sizes and parameters are checked first, then texts, then guard servers are asked."
    >
      <div data-field="guardrails" className="flex flex-col gap-3">
        {rows.fields.length === 0 ? (
          <p className="text-muted text-sm">None: prompts and answers are not read.</p>
        ) : null}
        {rows.fields.map((row, index) => (
          <GuardrailRow key={row.id} state={state} index={index} onRemove={() => rows.remove(index)} />
        ))}
        {rows.fields.length < guardsMax ? (
          <Button size="sm" className="self-start" onClick={() => rows.append(newGuardrail(rows.fields.length))}>
            <Plus aria-hidden />
            Add a guardrail
          </Button>
        ) : null}
      </div>
    </FormSection>
  );
}

function GuardrailRow({ state, index, onRemove }: RowProps & { onRemove: () => void }) {
  const kind = useWatch({ control: state.form.control, name: `guardrails.${index}.kind` });
  return (
    <FormRow state={state} name={`guardrails.${index}`} title={`Guardrail ${index + 1}`} onRemove={onRemove}>
      <div className="grid gap-3 sm:grid-cols-2">
        <FormSelect state={state} name={`guardrails.${index}.kind`} label="Checks" options={kindOptions} />
        <FormInput
          state={state}
          name={`guardrails.${index}.name`}
          label="Name"
          isRequired
          hint="Shown to callers and in decisions."
          input={{ autoComplete: "off" }}
        />
      </div>
      <div className="mt-3 flex flex-col gap-3">
        {kind === "max_prompt" || kind === "max_output" ? <SizeFields state={state} index={index} /> : null}
        {kind === "parameters" ? <ParameterFields state={state} index={index} /> : null}
        {kind === "pattern" || kind === "pii" ? <TextFields state={state} index={index} /> : null}
        {kind === "webhook" ? <WebhookFields state={state} index={index} /> : null}
        <FormToggle
          state={state}
          name={`guardrails.${index}.isShadow`}
          label="Shadow"
          hint="Only notes in a call's decision what it would have done."
        />
      </div>
      <Sentence state={state} index={index} />
    </FormRow>
  );
}

function SizeFields({ state, index }: RowProps) {
  const kind = useWatch({ control: state.form.control, name: `guardrails.${index}.kind` });
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        {kind === "max_prompt" ? (
          <FormNumber
            state={state}
            name={`guardrails.${index}.maxBytes`}
            label="Body at most"
            suffix="bytes"
            input={{ min: 1, step: 1 }}
          />
        ) : null}
        <FormNumber
          state={state}
          name={`guardrails.${index}.maxTokens`}
          label={kind === "max_prompt" ? "Prompt at most" : "All answers of a call together"}
          suffix="tokens"
          {...(kind === "max_prompt" ? { hint: "Estimated at four bytes a token." } : {})}
          input={{ min: 1, step: 1 }}
        />
      </div>
      {kind === "max_output" ? (
        <FormToggle
          state={state}
          name={`guardrails.${index}.isRefused`}
          label="Refuse calls that ask for more"
          hint="Otherwise what they ask for is lowered."
        />
      ) : null}
    </>
  );
}

function ParameterFields({ state, index }: RowProps) {
  return (
    <>
      <FormSelect state={state} name={`guardrails.${index}.rule`} label="Allowed" options={ruleOptions} />
      <FormTextarea
        state={state}
        name={`guardrails.${index}.lines`}
        label="Names"
        hint="One a line, as they stand at the top level of a body."
        input={{ rows: 3 }}
      />
    </>
  );
}

function TextFields({ state, index }: RowProps) {
  const kind = useWatch({ control: state.form.control, name: `guardrails.${index}.kind` });
  return (
    <>
      <FormSelect state={state} name={`guardrails.${index}.on`} label="Reads" options={whereOptions} />
      {kind === "pattern" ? (
        <FormTextarea
          state={state}
          name={`guardrails.${index}.lines`}
          label="Patterns"
          hint="One a line, in RE2's syntax; (?i) at the start ignores case."
          input={{ rows: 3, spellCheck: false }}
        />
      ) : (
        <PiiTypes state={state} index={index} />
      )}
      <FormToggle
        state={state}
        name={`guardrails.${index}.isRefused`}
        label="Refuse the call"
        hint="Otherwise what is found is replaced by its kind in brackets. Streamed answers come a few words later."
      />
    </>
  );
}

function PiiTypes({ state, index }: RowProps) {
  const { field, fieldState } = useController({ control: state.form.control, name: `guardrails.${index}.types` });
  const chosen = new Set(field.value);
  return (
    <fieldset data-field={`guardrails.${index}.types`} className="flex flex-col gap-2">
      <legend className="mb-1 font-medium text-sm">Looks for</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {PII_TYPES.map((type) => (
          <CheckboxField
            key={type}
            label={sentenceCase(piiWords[type])}
            checked={chosen.has(type)}
            onCheckedChange={(isOn) =>
              field.onChange(PII_TYPES.filter((each) => (each === type ? isOn : chosen.has(each))))
            }
          />
        ))}
      </div>
      {fieldState.error?.message ? <FieldError message={fieldState.error.message} /> : null}
    </fieldset>
  );
}

function WebhookFields({ state, index }: RowProps) {
  const options = useEveryUpstream().data?.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <FormSelect
          state={state}
          name={`guardrails.${index}.upstreamId`}
          label="Server"
          isRequired
          hint="An upstream: its address is asked, and its credential signs the question."
          options={options}
        />
        <FormInput state={state} name={`guardrails.${index}.path`} label="Path" hint="Below the upstream’s base URL." />
        <FormNumber
          state={state}
          name={`guardrails.${index}.timeoutMs`}
          label="Waits at most"
          suffix="ms"
          input={{ min: 10, step: 1 }}
        />
        <FormNumber
          state={state}
          name={`guardrails.${index}.sampleChars`}
          label="Sends along"
          suffix="characters"
          hint="Of the prompt's text; 0 sends its hash alone."
          input={{ min: 0, step: 1 }}
        />
      </div>
      <FormToggle
        state={state}
        name={`guardrails.${index}.isLenient`}
        label="Let calls pass while the server does not answer"
        hint="Otherwise they are refused."
      />
    </>
  );
}

function Sentence({ state, index }: RowProps) {
  const row = useWatch({ control: state.form.control, name: `guardrails.${index}` });
  const guard = row ? guardrailOfRow(row) : null;
  return guard === null ? null : <p className="mt-2 text-muted text-xs">It {guardrailWords(guard)}.</p>;
}
