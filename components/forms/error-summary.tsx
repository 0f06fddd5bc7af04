"use client";
import { useEffect, useRef, useState } from "react";
import type { FieldValues } from "react-hook-form";
import { boxOf, fieldName } from "#components/forms/field-name.ts";
import { flattenErrors } from "#components/forms/form-errors.ts";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import { Notice } from "#components/ui/notice.tsx";

/**
 * After a refused submit, takes the focus: to the field itself where one field is wrong, else to this list, whose
 * entries lead to their fields.
 */
export function ErrorSummary<TInput extends FieldValues, TOutput>({
  state,
}: {
  state: ResourceFormState<TInput, TOutput>;
}) {
  const { form, general, element } = state;
  const { errors, submitCount, isSubmitting } = form.formState;
  const messages = flattenErrors(errors);
  const box = useRef<HTMLDivElement>(null);
  const handled = useRef(0);
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const isListed = messages.length > 1 || general.length > 0;
  useEffect(() => {
    if (isSubmitting || submitCount === handled.current) return;
    handled.current = submitCount;
    setNames(Object.fromEntries(messages.map(({ path }) => [path, fieldName(element.current, path)])));
    const [first] = messages;
    if (isListed) box.current?.focus();
    else if (first) focusField(element.current, first.path);
  }, [isSubmitting, submitCount, isListed, messages, element]);
  if (!isListed) return null;
  return (
    <div ref={box} tabIndex={-1} className="rounded-lg outline-none focus-visible:outline-2">
      <Notice tone="danger" title={messages.length > 1 ? `${messages.length} fields need attention` : "Not saved"}>
        <ul className="flex flex-col">
          {general.map((message) => (
            <li key={message}>{message}</li>
          ))}
          {messages.map((message) => (
            <li key={message.path}>
              <button
                type="button"
                className="py-1 text-left underline underline-offset-2"
                onClick={() => focusField(element.current, message.path)}
              >
                {names[message.path] ? `${names[message.path]}: ` : null}
                {message.message}
              </button>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

function focusField(form: HTMLFormElement | null, path: string): void {
  const box = boxOf(form, path);
  box?.querySelector<HTMLElement>("input, textarea, select, button, [tabindex]")?.focus();
}
