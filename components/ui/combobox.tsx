"use client";
import dynamic from "next/dynamic";
import { type ReactNode, useId, useRef, useState } from "react";
import { ChoiceButton, type ChoiceControlProps, loadOptionList } from "#components/ui/choice-button.tsx";
import { Popup } from "#components/ui/popup.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { useAsyncSearch } from "#components/ui/use-async-search.ts";

export type ComboboxOption = { value: string; label: string; hint?: string };

export type ComboboxProps = ChoiceControlProps & {
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
};

const OptionList = dynamic(loadOptionList, { ssr: false });

/** Stands for "no choice" in the list; no id looks like it. */
const none = { value: "∅", label: "None" };

/** A choice from a long or remote list, found by typing. */
export function Combobox({
  search,
  value,
  onValueChange,
  placeholder = "Choose…",
  emptyText = "Nothing found.",
  isClearable = false,
  disabled = false,
  className,
  ...control
}: ComboboxProps) {
  const button = useRef<HTMLButtonElement>(null);
  const popupId = useId();
  const [isOpen, setOpen] = useState(false);
  const choose = (option: ComboboxOption | null) => {
    onValueChange(option);
    setOpen(false);
  };
  return (
    <>
      <ChoiceButton
        {...control}
        button={button}
        popupId={popupId}
        isOpen={isOpen}
        onToggle={() => setOpen(!isOpen)}
        onOpen={() => setOpen(true)}
        disabled={disabled}
        className={className}
      >
        {value ? <Truncate text={value.label} /> : <span className="truncate text-faint">{placeholder}</span>}
      </ChoiceButton>
      <Popup
        id={popupId}
        button={button}
        isOpen={isOpen}
        onOpenChange={setOpen}
        label={control["aria-label"] ?? placeholder}
        className="w-(--radix-popover-trigger-width) min-w-56 p-0"
      >
        <SearchedOptions
          search={search}
          value={value}
          onChoose={choose}
          emptyText={emptyText}
          isClearable={isClearable}
        />
      </Popup>
    </>
  );
}

function SearchedOptions({
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
  const messages = { loading: "Searching…", failed: "The search did not answer. Type again.", done: emptyText };
  return (
    <OptionList
      options={isClearable && value && query === "" ? [none, ...results] : results}
      chosen={value?.value ?? null}
      onChoose={(chosen) => onChoose(results.find((option) => option.value === chosen) ?? null)}
      query={query}
      onQueryChange={setQuery}
      isSearchShown
      isLoading={state === "loading"}
      message={messages[state]}
    />
  );
}
