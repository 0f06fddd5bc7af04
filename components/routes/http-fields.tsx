"use client";
import { useWatch } from "react-hook-form";
import { FormInput, FormTextarea } from "#components/forms/form-controls.tsx";
import { FormSection } from "#components/forms/resource-form.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import type { VersionFormInput, VersionFormOutput } from "#components/routes/version-form-values.ts";
import { CheckboxField } from "#components/ui/checkbox.tsx";
import { FieldError } from "#components/ui/field.tsx";
import { HTTP_METHODS, type HttpMethod } from "#lib/contract/http-rule.ts";

type State = ResourceFormState<VersionFormInput, VersionFormOutput>;
const plain = { autoComplete: "off", spellCheck: false } as const;

/** What of a REST API is served, and how requests and answers are changed on their way. */
export function HttpFields({ state }: { state: State }) {
  return (
    <>
      <FormSection title="API" description="What is served under /apis. Everything else is answered with 404 or 405.">
        <Methods state={state} />
        <FormTextarea
          state={state}
          name="http.paths"
          label="Paths"
          isRequired
          hint="One a line: /users/{id} for one segment, /search/** for everything below."
          input={{ rows: 3, spellCheck: false }}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <FormInput
            state={state}
            name="http.stripPrefix"
            label="Strip prefix"
            isOptionalShown
            hint="Left out of the path before it goes to the upstream."
            input={{ ...plain, placeholder: "/v1" }}
          />
          <FormInput
            state={state}
            name="http.rewritePath"
            label="Rewrite path"
            isOptionalShown
            hint="Instead: a path with the parameters that every path above has."
            input={{ ...plain, placeholder: "/accounts/{id}" }}
          />
        </div>
      </FormSection>
      <FormSection
        title="Headers and query"
        description="Changed on the way to the upstream and back. Credentials, cookies and what belongs to a connection are never passed on."
      >
        <Pair
          state={state}
          set="http.requestSet"
          remove="http.requestRemove"
          what="request headers"
          example="x-tenant: acme"
        />
        <Pair
          state={state}
          set="http.responseSet"
          remove="http.responseRemove"
          what="answer headers"
          example="x-frame-options: DENY"
        />
        <Pair state={state} set="http.querySet" remove="http.queryRemove" what="query" example="format=json" />
      </FormSection>
    </>
  );
}

function Methods({ state }: { state: State }) {
  const { control, setValue, formState } = state.form;
  const chosen = useWatch({ control, name: "http.methods" });
  const error = formState.errors.http?.methods?.message ?? formState.errors.http?.methods?.root?.message;
  const toggle = (method: HttpMethod, isOn: boolean) =>
    setValue(
      "http.methods",
      HTTP_METHODS.filter((each) => (each === method ? isOn : chosen.includes(each))),
      { shouldDirty: true, shouldValidate: formState.isSubmitted },
    );
  return (
    <fieldset data-field="http.methods" className="flex flex-col gap-2">
      <legend className="mb-1.5 font-medium text-sm">Methods</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        {HTTP_METHODS.map((method) => (
          <CheckboxField
            key={method}
            label={method}
            checked={chosen.includes(method)}
            onCheckedChange={(isOn) => toggle(method, isOn)}
          />
        ))}
      </div>
      {error ? <FieldError message={error} /> : null}
    </fieldset>
  );
}

function Pair({
  state,
  set,
  remove,
  what,
  example,
}: {
  state: State;
  set: "http.requestSet" | "http.responseSet" | "http.querySet";
  remove: "http.requestRemove" | "http.responseRemove" | "http.queryRemove";
  what: string;
  example: string;
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <FormTextarea
        state={state}
        name={set}
        label={`Set ${what}`}
        isOptionalShown
        hint="One a line."
        input={{ rows: 2, spellCheck: false, placeholder: example }}
      />
      <FormTextarea
        state={state}
        name={remove}
        label={`Remove ${what}`}
        isOptionalShown
        hint="Names, with commas or line by line."
        input={{ rows: 2, spellCheck: false }}
      />
    </div>
  );
}
