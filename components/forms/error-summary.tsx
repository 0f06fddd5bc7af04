"use client";
import { useEffect, useRef } from "react";
import type { FieldValues } from "react-hook-form";
import { flattenErrors } from "#components/forms/form-errors.ts";
import { fieldElement, type ResourceFormState } from "#components/forms/use-resource-form.ts";
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
  const isListed = messages.length > 1 || general.length > 0;
  useEffect(() => {
    if (isSubmitting || submitCount === handled.current) return;
    handled.current = submitCount;
    const [first] = messages;
    if (isListed) box.current?.focus();
    else if (first) focusField(element.current, first.path);
  }, [isSubmitting, submitCount, isListed, messages, element]);
  if (!isListed) return null;
  return (
    <div ref={box} tabIndex={-1} className="rounded-lg outline-none focus-visible:outline-2">
      <Notice tone="danger" title={messages.length > 1 ? `${messages.length} fields need attention` : "Not saved"}>
        <ul className="flex flex-col gap-0.5">
          {general.map((message) => (
            <li key={message}>{message}</li>
          ))}
          {messages.map((message) => (
            <li key={message.path}>
              <button
                type="button"
                className="text-left underline underline-offset-2"
                onClick={() => focusField(element.current, message.path)}
              >
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
  const box = fieldElement(form, path.replace(/\.root$/, ""));
  box?.querySelector<HTMLElement>("input, textarea, select, button, [tabindex]")?.focus();
}
