"use client";
import { Command } from "cmdk";
import { Check, LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { Truncate } from "#components/ui/truncate.tsx";

export type ListedOption = { value: string; label: string; hint?: string; icon?: ReactNode; isDisabled?: boolean };

/** The list a `Select` or a `Combobox` opens: arrows move, Enter chooses, typing filters or searches. */
export default function OptionList({
  options,
  chosen,
  onChoose,
  query,
  onQueryChange,
  isSearchShown,
  isLoading = false,
  message,
}: {
  options: readonly ListedOption[];
  chosen: string | null;
  onChoose: (value: string) => void;
  query: string;
  onQueryChange: (query: string) => void;
  /** False keeps the box that takes the typing out of sight. */
  isSearchShown: boolean;
  isLoading?: boolean;
  /** Shown where there is nothing to choose. */
  message?: ReactNode;
}) {
  return (
    <Command shouldFilter={false} label="Options" {...(chosen === null ? {} : { defaultValue: chosen })}>
      <div className={isSearchShown ? "flex items-center border-line border-b px-3" : "sr-only"}>
        <Command.Input
          value={query}
          onValueChange={onQueryChange}
          placeholder="Search…"
          className="h-9 w-full bg-transparent text-sm outline-none focus-visible:outline-none"
        />
        {isLoading ? <LoaderCircle className="size-4 shrink-0 animate-spin text-faint" aria-hidden /> : null}
      </div>
      <Command.List className="max-h-64 overflow-y-auto p-1">
        {message && options.length === 0 ? <div className="px-2 py-3 text-muted text-sm">{message}</div> : null}
        {options.map((option) => (
          <Command.Item
            key={option.value}
            value={option.value}
            disabled={option.isDisabled ?? false}
            onSelect={() => onChoose(option.value)}
            className="flex cursor-default items-start gap-2 rounded-md px-2 py-1.5 text-sm data-[disabled=true]:opacity-50 data-[selected=true]:bg-hover"
          >
            <Check
              className={classNames("mt-0.5 size-4 shrink-0 text-accent-text", option.value !== chosen && "invisible")}
              aria-hidden
            />
            {option.icon}
            <span className="min-w-0">
              <Truncate text={option.label} />
              {option.hint ? <span className="block text-muted text-xs">{option.hint}</span> : null}
            </span>
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}
