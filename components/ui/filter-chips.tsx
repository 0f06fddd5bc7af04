"use client";
import { X } from "lucide-react";
import { Truncate } from "#components/ui/truncate.tsx";

export type FilterChip = { key: string; label: string; value: string; onRemove: () => void };

/** The filters in force, each removable; nothing is drawn when there are none. */
export function FilterChips({ chips, onClear }: { chips: readonly FilterChip[]; onClear?: () => void }) {
  if (chips.length === 0) return null;
  return (
    <ul aria-label="Filters" className="flex flex-wrap items-center gap-1.5">
      {chips.map((chip) => (
        <li
          key={chip.key}
          className="inline-flex h-6 max-w-full items-center gap-1 rounded-md border border-line-strong bg-surface pl-2 text-xs"
        >
          <span className="text-muted">{chip.label}</span>
          <Truncate text={chip.value} className="max-w-48 font-medium" />
          <button
            type="button"
            onClick={chip.onRemove}
            aria-label={`Remove filter ${chip.label} ${chip.value}`}
            className="grid size-6 place-items-center rounded-r-md text-faint hover:bg-hover hover:text-fg"
          >
            <X className="size-3" aria-hidden />
          </button>
        </li>
      ))}
      {onClear && chips.length > 1 ? (
        <li>
          <button type="button" onClick={onClear} className="h-6 px-1 text-accent-text text-xs hover:underline">
            Clear all
          </button>
        </li>
      ) : null}
    </ul>
  );
}
