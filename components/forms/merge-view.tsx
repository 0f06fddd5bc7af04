"use client";
import { useEffect, useId, useRef, useState } from "react";
import { describeValue } from "#components/diff/diff-fields.ts";
import type { MergeSide } from "#components/forms/merge-values.ts";
import type { MergeState, NamedField } from "#components/forms/use-merge.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

const sideWords = { yours: "Yours", theirs: "Theirs", base: "As it was" } as const satisfies Record<MergeSide, string>;
const sides = ["yours", "theirs", "base"] as const;

/**
 * Above a form whose thing somebody else changed meanwhile: that they did, and on demand, or when a save was refused, field
 * by field what was, what they made of it and what was typed here, to choose from. Nothing typed is lost on the way.
 */
export function MergeView({ merge, isBusy }: { merge: MergeState; isBusy: boolean }) {
  if (merge.fields)
    return <MergeFields key={merge.fields.map(({ key }) => key).join(" ")} merge={merge} isBusy={isBusy} />;
  if (!merge.isOutdated || isBusy) return null;
  return (
    <Notice
      tone="warning"
      title={`${merge.who ?? "Somebody else"} changed this ${merge.noun} while you were editing`}
      action={
        <Button size="sm" onClick={() => void merge.compare()}>
          Compare
        </Button>
      }
    >
      Go on: what you enter stays, and you are asked where both of you changed the same thing.
    </Notice>
  );
}

function MergeFields({ merge, isBusy }: { merge: MergeState; isBusy: boolean }) {
  const fields = merge.fields ?? [];
  const box = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<Readonly<Record<string, MergeSide>>>({});
  const sideOf = (field: NamedField): MergeSide | null => chosen[field.key] ?? field.suggested;
  const isOpen = fields.some((field) => sideOf(field) === null);
  useEffect(() => box.current?.focus(), []);
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label="Put both changes together"
      className="flex flex-col gap-4 rounded-lg border border-warning bg-surface p-4 outline-none focus-visible:outline-2"
    >
      <div>
        <p className="font-semibold text-base">
          {merge.who ?? "Somebody else"} changed this {merge.noun} while you were editing
        </p>
        <p className="text-muted text-sm">
          Nothing is saved yet. Where only one of you changed a field, that is chosen already; look at it, then save.
        </p>
      </div>
      {fields.map((field) => (
        <FieldChoice
          key={field.key}
          field={field}
          side={sideOf(field)}
          onChoose={(side) => setChosen({ ...chosen, [field.key]: side })}
        />
      ))}
      <div className="flex flex-wrap items-center justify-end gap-2">
        <Button onClick={merge.leave} disabled={isBusy}>
          Go on editing
        </Button>
        <Button
          variant="primary"
          disabled={isOpen}
          isPending={isBusy}
          onClick={() => void merge.resolve((field) => sideOf(field) ?? "yours")}
        >
          Save again
        </Button>
      </div>
    </section>
  );
}

function FieldChoice({
  field,
  side,
  onChoose,
}: {
  field: NamedField;
  side: MergeSide | null;
  onChoose: (side: MergeSide) => void;
}) {
  const id = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium text-sm">
        {field.label}
        {field.suggested === null && side === null ? (
          <span className="ml-2 font-normal text-warning">both of you changed it: choose</span>
        ) : null}
      </legend>
      <div className="flex flex-col divide-y divide-line overflow-hidden rounded-lg border border-line">
        {sides.map((each) => (
          <label
            key={each}
            htmlFor={`${id}-${each}`}
            className="flex cursor-pointer items-start gap-2.5 bg-surface px-3 py-2 text-sm hover:bg-subtle has-[:checked]:bg-accent-soft"
          >
            <input
              type="radio"
              id={`${id}-${each}`}
              name={id}
              value={each}
              checked={side === each}
              onChange={() => onChoose(each)}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span className="w-20 shrink-0 text-muted">{sideWords[each]}</span>
            <span className="min-w-0 break-words">{valueWords(field[each])}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A form's value in words: a list row by row, a row by its members. */
export function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? describeValue(value) : value.map(valueWords).join("; ");
  if (typeof value !== "object" || value === null) return describeValue(value);
  const members = Object.entries(value).filter(
    ([, member]) => member !== null && member !== undefined && member !== "",
  );
  return members.map(([name, member]) => `${name} ${valueWords(member)}`).join(", ");
}
