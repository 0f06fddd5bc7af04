"use client";
import { type RefObject, useState } from "react";
import type { DefaultValues, FieldValues, UseFormReturn } from "react-hook-form";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { fieldName, pathWords } from "#components/forms/field-name.ts";
import { type MergeField, type MergeSide, mergedValues, mergeFields } from "#components/forms/merge-values.ts";
import type { Race } from "#components/forms/use-race.ts";

/** A field that somebody changed meanwhile, with its name on the page. */
export interface NamedField extends MergeField {
  key: string;
  label: string;
}

interface Conflict<TInput> {
  fields: readonly NamedField[];
  theirs: TInput;
  accept: () => void;
}

/** What a form shows of a merge, and what can be done about it. */
export interface MergeState {
  noun: string;
  who: string | null;
  /** Somebody else is known to have changed it, and saving would be refused. */
  isOutdated: boolean;
  /** What differs, while it is being put together. */
  fields: readonly NamedField[] | null;
  /** Asks what the thing is now and shows what differs. Resolves once it is known. */
  compare: () => Promise<unknown>;
  /** Goes on with the chosen sides, and saves again. */
  resolve: (sideOf: (field: NamedField) => MergeSide) => Promise<void>;
  /** Goes back to the form as it was typed. */
  leave: () => void;
}

/** The merge of a form with what somebody else made of the same thing meanwhile. */
export function useMerge<TInput extends FieldValues, TOutput>({
  form,
  race,
  element,
  onFail,
}: {
  form: UseFormReturn<TInput, unknown, TOutput>;
  race: Race<TInput> | undefined;
  element: RefObject<HTMLFormElement | null>;
  /** Takes a sentence about why there is nothing to compare with. */
  onFail: (message: string) => void;
}) {
  const [conflict, setConflict] = useState<Conflict<TInput> | null>(null);
  const compare = async (): Promise<"nothing_to_merge" | "shown" | "failed"> => {
    const found = await race?.load().catch((error: unknown) => onFail(describeProblem(error)));
    if (found === undefined) return "failed";
    if (found === null) {
      onFail(`Somebody else took this ${race?.noun ?? "thing"} out meanwhile. What you entered is still here.`);
      return "failed";
    }
    const { base, theirs, accept } = found;
    const fields = mergeFields(base, theirs, form.getValues()).map((field) => named(field, element.current));
    if (fields.every(({ suggested }) => suggested === "yours")) {
      accept();
      return "nothing_to_merge";
    }
    setConflict({ fields, theirs, accept });
    return "shown";
  };
  const resolve = (sideOf: (field: NamedField) => MergeSide) => {
    if (!conflict) return;
    const { fields, theirs, accept } = conflict;
    const sides = new Map(fields.map((field) => [field.key, sideOf(field)]));
    const values = mergedValues(form.getValues(), fields, ({ path }) => sides.get(keyOf(path)) ?? "yours");
    accept();
    // What they saved is what the form now builds on; what differs from it is unsaved.
    form.reset(asDefaults(theirs));
    form.reset(asValues<TInput>(values), { keepDefaultValues: true });
    setConflict(null);
  };
  return {
    noun: race?.noun ?? "",
    who: race?.who ?? null,
    isOutdated: race?.isOutdated ?? false,
    fields: conflict?.fields ?? null,
    compare,
    resolve,
    leave: () => setConflict(null),
  };
}

function keyOf(path: readonly string[]): string {
  return path.join(".");
}

function named(field: MergeField, form: HTMLFormElement | null): NamedField {
  const key = keyOf(field.path);
  return { ...field, key, label: fieldName(form, key) || pathWords(field.path) };
}

/** All values of a form may stand where some of them do. */
function asDefaults<TInput extends FieldValues>(values: TInput): DefaultValues<TInput> {
  return values as DefaultValues<TInput>;
}

/** A merge puts together fields of three values of this very form, each at its own place. */
function asValues<TInput extends FieldValues>(values: unknown): TInput {
  return values as TInput;
}
