"use client";
import { X } from "lucide-react";
import { useState } from "react";
import { searchTeams } from "#components/choices/search-options.ts";
import { Combobox } from "#components/ui/combobox.tsx";
import type { FieldControlProps } from "#components/ui/field.tsx";
import { Truncate } from "#components/ui/truncate.tsx";

type Team = { id: string; name: string };

/** Any number of teams, by id. `known` names those that are chosen already. */
export function TeamsField({
  control,
  known,
  value,
  onValueChange,
}: {
  control: FieldControlProps;
  known: readonly Team[];
  value: readonly string[];
  onValueChange: (teamIds: string[]) => void;
}) {
  const [names, setNames] = useState(() => new Map(known.map(({ id, name }) => [id, name])));
  return (
    <div className="flex flex-col gap-2">
      <Combobox
        {...control}
        search={async (query, signal) =>
          (await searchTeams(query, signal)).filter((option) => !value.includes(option.value))
        }
        value={null}
        onValueChange={(option) => {
          if (!option) return;
          setNames(new Map(names).set(option.value, option.label));
          onValueChange([...value, option.value]);
        }}
        placeholder="Add a team…"
        emptyText="No other team has this name."
      />
      {value.length > 0 ? (
        <ul aria-label="Chosen teams" className="flex flex-wrap gap-1.5">
          {value.map((id) => (
            <li
              key={id}
              className="inline-flex h-6 max-w-full items-center rounded-md border border-line-strong bg-surface pl-2 text-xs"
            >
              <Truncate text={names.get(id) ?? id} />
              <button
                type="button"
                aria-label={`Remove ${names.get(id) ?? id}`}
                onClick={() => onValueChange(value.filter((other) => other !== id))}
                className="grid size-6 shrink-0 place-items-center text-faint hover:text-fg"
              >
                <X className="size-3" aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
