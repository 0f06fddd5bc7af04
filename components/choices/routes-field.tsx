"use client";
import { X } from "lucide-react";
import { useRef } from "react";
import { searchRoutes } from "#components/choices/search-options.ts";
import { Combobox } from "#components/ui/combobox.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Truncate } from "#components/ui/truncate.tsx";

const reaches = [
  { value: "plan", label: "Every route of the consumer's plan", hint: "Routes that are added later, too." },
  { value: "some", label: "Only these routes", hint: "A leaked key opens no more than these." },
] as const;

/** Which routes a key may call: null for all that the plan allows, or the names of some. */
export function RoutesField({
  value,
  onValueChange,
}: {
  value: readonly string[] | null;
  onValueChange: (value: string[] | null) => void;
}) {
  const add = useRef<HTMLDivElement>(null);
  const remove = (name: string) => {
    onValueChange(value?.filter((route) => route !== name) ?? null);
    add.current?.querySelector("button")?.focus();
  };
  return (
    <div className="flex flex-col gap-2">
      <RadioGroup
        label="Routes it may call"
        options={reaches}
        value={value === null ? "plan" : "some"}
        onValueChange={(reach) => onValueChange(reach === "plan" ? null : [])}
      />
      {value === null ? null : (
        <div ref={add} className="flex flex-col gap-2">
          <Combobox
            aria-label="Add a route"
            search={async (query, signal) =>
              (await searchRoutes(query, signal)).filter((option) => !value.includes(option.value))
            }
            value={null}
            onValueChange={(option) => option && onValueChange([...value, option.value])}
            placeholder="Add a route…"
            emptyText="No other published route has this name."
          />
          {value.length > 0 ? (
            <ul aria-label="Routes this key may call" className="flex flex-wrap gap-1.5">
              {value.map((name) => (
                <li
                  key={name}
                  className="inline-flex h-6 max-w-full items-center rounded-md border border-line-strong bg-surface pl-2 text-xs"
                >
                  <Truncate text={name} />
                  <button
                    type="button"
                    aria-label={`Remove ${name}`}
                    onClick={() => remove(name)}
                    className="grid size-6 shrink-0 place-items-center text-faint hover:text-fg"
                  >
                    <X className="size-3" aria-hidden />
                  </button>
                </li>
              ))}
            </ul>
          ) : null}
        </div>
      )}
    </div>
  );
}
