"use client";
import Link from "next/link";
import { FormInput, FormNumber, FormSelect } from "#components/forms/form-controls.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import type { TemplateValues } from "#components/templates/template-values.ts";
import { Notice } from "#components/ui/notice.tsx";
import type { ParameterView, TemplateView } from "#lib/domain/template/schemas.ts";
import { useEveryUpstream } from "#lib/query/upstreams.ts";

type State = ResourceFormState<TemplateValues, TemplateValues>;

/** A field for each parameter of a template. */
export function TemplateFields({ state, template }: { state: State; template: TemplateView }) {
  const asksForUpstreams = template.parameters.some(({ kind }) => kind === "upstream");
  const { data: upstreams, isError } = useEveryUpstream(asksForUpstreams);
  const options = (upstreams ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <>
      {isError ? <Notice tone="danger">The upstreams did not load. Reload the page to choose one.</Notice> : null}
      {asksForUpstreams && upstreams?.length === 0 ? (
        <Notice tone="warning">
          There is no upstream yet.{" "}
          <Link href="/upstreams/new" prefetch={false} className="text-accent-text underline">
            Add one first
          </Link>
          .
        </Notice>
      ) : null}
      {template.parameters.map((parameter) => (
        <ParameterField key={parameter.name} state={state} parameter={parameter} upstreams={options} />
      ))}
    </>
  );
}

function ParameterField({
  state,
  parameter: { name, label, help, kind, min, max, default: fallback },
  upstreams,
}: {
  state: State;
  parameter: ParameterView;
  upstreams: readonly { value: string; label: string }[];
}) {
  const field = { state, name: `parameters.${name}` as const, label, hint: help, isRequired: fallback === null };
  if (kind === "count") return <FormNumber {...field} input={{ min, max, step: 1 }} />;
  if (kind === "upstream") return <FormSelect {...field} options={upstreams} placeholder="Choose an upstream" />;
  return <FormInput {...field} input={{ autoComplete: "off", spellCheck: false }} />;
}
