"use client";
import { zodResolver } from "@hookform/resolvers/zod";
import { type FormEvent, type RefObject, useRef, useState } from "react";
import { type DefaultValues, type FieldPath, type FieldValues, type UseFormReturn, useForm } from "react-hook-form";
import type { z } from "zod";
import { fieldElement } from "#components/forms/field-name.ts";
import { issueWords } from "#components/forms/issue-words.ts";
import { toFormFailure } from "#components/forms/problem.ts";
import { type MergeState, useMerge } from "#components/forms/use-merge.ts";
import type { Race } from "#components/forms/use-race.ts";
import { ApiProblem } from "#lib/contract/problem.ts";

export type ResourceFormOptions<TInput extends FieldValues, TOutput> = {
  /** The verb's own input schema, so that browser and server refuse the same things. */
  schema: z.ZodType<TOutput, TInput>;
  defaultValues: DefaultValues<TInput>;
  /** Sends the parsed values. A thrown problem (RFC 9457) lands on its fields; anything else becomes one plain sentence. */
  onSubmit: (values: TOutput) => Promise<void>;
  /** Where others may change the same thing: a save on top of their change is merged with it, and nothing typed is lost. */
  race?: Race<TInput> | undefined;
};

export type ResourceFormState<TInput extends FieldValues, TOutput> = {
  form: UseFormReturn<TInput, unknown, TOutput>;
  /** Messages that belong to no field. */
  general: readonly string[];
  /** True once a submit succeeded; the unsaved-changes guard then lets go. */
  isSaved: boolean;
  submit: (event?: FormEvent) => Promise<void>;
  /** What somebody else changed meanwhile, and how it is put together; null where nobody else can. */
  merge: MergeState | null;
  element: RefObject<HTMLFormElement | null>;
};

/** A form over a zod schema: validates on submit, then live; maps the server's refusals to fields. */
export function useResourceForm<TInput extends FieldValues, TOutput>({
  schema,
  defaultValues,
  onSubmit,
  race,
}: ResourceFormOptions<TInput, TOutput>): ResourceFormState<TInput, TOutput> {
  const element = useRef<HTMLFormElement>(null);
  const [general, setGeneral] = useState<readonly string[]>([]);
  const [isSaved, setSaved] = useState(false);
  const form = useForm<TInput, unknown, TOutput>({
    resolver: zodResolver(schema, { error: issueWords }),
    defaultValues,
    mode: "onSubmit",
    reValidateMode: "onChange",
    shouldFocusError: false,
  });
  const fail = (message: string) => setGeneral([message]);
  const merge = useMerge({ form, race, element, onFail: fail });
  const save = async (values: TOutput) => {
    try {
      await onSubmit(values);
    } catch (thrown) {
      if (!race || !(thrown instanceof ApiProblem) || thrown.status !== 412) throw thrown;
      // Only what this form does not show has changed: nothing of anybody's is overwritten.
      if ((await merge.compare()) === "nothing_to_merge") await onSubmit(values);
      else return false;
    }
    return true;
  };
  const send = async (values: TOutput) => {
    try {
      setSaved(await save(values));
    } catch (thrown) {
      const failure = toFormFailure(thrown, (path) => fieldElement(element.current, path) !== null);
      for (const field of failure.fields) {
        form.setError(asFieldPath<TInput>(field.path), { type: field.code, message: field.message });
      }
      setGeneral(failure.general);
    }
  };
  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    event?.stopPropagation();
    if (form.formState.isSubmitting) return;
    setGeneral([]);
    setSaved(false);
    await form.handleSubmit(send)();
  };
  const resolve: MergeState["resolve"] = async (sideOf) => {
    merge.resolve(sideOf);
    await submit();
  };
  return { form, general, isSaved, submit, merge: race ? { ...merge, resolve } : null, element };
}

/** The path comes from a `data-field` that `FormField` wrote from a `FieldPath` of this very form. */
function asFieldPath<TInput extends FieldValues>(path: string): FieldPath<TInput> {
  return path as FieldPath<TInput>;
}
