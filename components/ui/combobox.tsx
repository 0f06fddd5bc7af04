"use client";
import { Command } from "cmdk";
import { Check, ChevronsUpDown, LoaderCircle } from "lucide-react";
import { type ReactNode, useState } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { controlClasses } from "#components/ui/input.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "#components/ui/popover.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { useAsyncSearch } from "#components/ui/use-async-search.ts";

export type ComboboxOption = { value: string; label: string; hint?: string };

export type ComboboxProps = {
  /** Called 150 ms after the last key with what was typed ("" at first); abort when `signal` fires. */
  search: (query: string, signal: AbortSignal) => Promise<readonly ComboboxOption[]>;
  /** The chosen option with its label, or null. */
  value: ComboboxOption | null;
  onValueChange: (option: ComboboxOption | null) => void;
  placeholder?: string;
  /** Shown where the search finds nothing. */
  emptyText?: ReactNode;
  isClearable?: boolean;
  disabled?: boolean;
  className?: string;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
  "aria-required"?: true | undefined;
};

/** A choice from a long or remote list, found by typing. */
export function Combobox({
  search,
  value,
  onValueChange,
  placeholder = "Choose…",
  emptyText = "Nothing found.",
  isClearable = false,
  disabled,
  className,
  ...control
}: ComboboxProps) {
  const [isOpen, setOpen] = useState(false);
  const choose = (option: ComboboxOption | null) => {
    onValueChange(option);
    setOpen(false);
  };
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger
        role="combobox"
        aria-expanded={isOpen}
        disabled={disabled}
        className={classNames(controlClasses, "flex h-8 items-center justify-between gap-2 text-left", className)}
        {...control}
      >
        {value ? <Truncate text={value.label} /> : <span className="truncate text-faint">{placeholder}</span>}
        <ChevronsUpDown className="size-4 shrink-0 text-faint" aria-hidden />
      </PopoverTrigger>
      <PopoverContent aria-label={placeholder} className="w-(--radix-popover-trigger-width) min-w-56 p-0">
        <ComboboxList search={search} value={value} onChoose={choose} emptyText={emptyText} isClearable={isClearable} />
      </PopoverContent>
    </Popover>
  );
}

function ComboboxList({
  search,
  value,
  onChoose,
  emptyText,
  isClearable,
}: {
  search: ComboboxProps["search"];
  value: ComboboxOption | null;
  onChoose: (option: ComboboxOption | null) => void;
  emptyText: ReactNode;
  isClearable: boolean;
}) {
  const [query, setQuery] = useState("");
  const { results, state } = useAsyncSearch(search, query);
  return (
    <Command shouldFilter={false} label="Search">
      <div className="flex items-center border-line border-b px-3">
        <Command.Input
          value={query}
          onValueChange={setQuery}
          placeholder="Search…"
          className="h-9 w-full bg-transparent text-sm outline-none focus-visible:outline-none"
        />
        {state === "loading" ? <LoaderCircle className="size-4 shrink-0 animate-spin text-faint" aria-hidden /> : null}
      </div>
      <Command.List className="max-h-64 overflow-y-auto p-1">
        {state === "failed" ? (
          <p className="px-2 py-3 text-danger text-sm">The search did not answer. Type again.</p>
        ) : null}
        {state === "done" && results.length === 0 ? <p className="px-2 py-3 text-muted text-sm">{emptyText}</p> : null}
        {isClearable && value ? (
          <ComboboxItem value="∅" isChosen={false} onSelect={() => onChoose(null)}>
            <span className="text-muted">None</span>
          </ComboboxItem>
        ) : null}
        {results.map((option) => (
          <ComboboxItem
            key={option.value}
            value={option.value}
            isChosen={option.value === value?.value}
            onSelect={() => onChoose(option)}
          >
            <Truncate text={option.label} />
            {option.hint ? <Truncate text={option.hint} className="text-muted text-xs" /> : null}
          </ComboboxItem>
        ))}
      </Command.List>
    </Command>
  );
}

function ComboboxItem(props: { value: string; isChosen: boolean; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      value={props.value}
      onSelect={props.onSelect}
      className="flex cursor-default items-start gap-2 rounded-md px-2 py-1.5 text-sm data-[selected=true]:bg-hover"
    >
      <Check
        className={classNames("mt-0.5 size-4 shrink-0 text-accent-text", !props.isChosen && "invisible")}
        aria-hidden
      />
      <span className="min-w-0">{props.children}</span>
    </Command.Item>
  );
}
