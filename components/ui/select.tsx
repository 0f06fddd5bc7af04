"use client";
import dynamic from "next/dynamic";
import { type ReactNode, useId, useRef, useState } from "react";
import { ChoiceButton, type ChoiceControlProps, loadOptionList } from "#components/ui/choice-button.tsx";
import { Popup } from "#components/ui/popup.tsx";
import { Truncate } from "#components/ui/truncate.tsx";

export type SelectOption<TValue extends string> = {
  value: TValue;
  label: string;
  /** One line under the label. */
  hint?: string;
  icon?: ReactNode;
  isDisabled?: boolean;
};

export type SelectProps<TValue extends string> = ChoiceControlProps & {
  options: readonly SelectOption<TValue>[];
  /** `null` shows the placeholder. */
  value: TValue | null;
  onValueChange: (value: TValue) => void;
  placeholder?: string;
  disabled?: boolean;
  className?: string;
};

const OptionList = dynamic(loadOptionList, { ssr: false });
const searchedFrom = 9;

/** A choice from a short, known list; typing filters it. For a long or remote list use `Combobox`. */
export function Select<TValue extends string>({
  options,
  value,
  onValueChange,
  placeholder = "Choose…",
  disabled = false,
  className,
  ...control
}: SelectProps<TValue>) {
  const button = useRef<HTMLButtonElement>(null);
  const popupId = useId();
  const [isOpen, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const current = options.find((option) => option.value === value);
  const change = (next: boolean) => {
    setOpen(next);
    setQuery("");
  };
  const choose = (chosen: string) => {
    const option = options.find((candidate) => candidate.value === chosen);
    if (option) onValueChange(option.value);
    change(false);
  };
  const wanted = query.trim().toLowerCase();
  return (
    <>
      <ChoiceButton
        {...control}
        button={button}
        popupId={popupId}
        isOpen={isOpen}
        onToggle={() => change(!isOpen)}
        onOpen={() => change(true)}
        disabled={disabled}
        className={className}
      >
        <span className="flex min-w-0 items-center gap-2">
          {current?.icon}
          {current ? <Truncate text={current.label} /> : <span className="truncate text-faint">{placeholder}</span>}
        </span>
      </ChoiceButton>
      <Popup
        id={popupId}
        button={button}
        isOpen={isOpen}
        onOpenChange={change}
        label={control["aria-label"] ?? placeholder}
        className="min-w-(--radix-popover-trigger-width) p-0"
      >
        <OptionList
          options={options.filter((option) => option.label.toLowerCase().includes(wanted))}
          chosen={value}
          onChoose={choose}
          query={query}
          onQueryChange={setQuery}
          isSearchShown={options.length >= searchedFrom}
          message="Nothing matches."
        />
      </Popup>
    </>
  );
}
