"use client";
import { Check, ChevronDown } from "lucide-react";
import { Select as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { controlClasses } from "#components/ui/input.tsx";

export type SelectOption<TValue extends string> = {
  value: TValue;
  label: string;
  /** One line under the label. */
  hint?: string;
  icon?: ReactNode;
  isDisabled?: boolean;
};

export type SelectProps<TValue extends string> = {
  options: readonly SelectOption<TValue>[];
  /** `null` shows the placeholder. */
  value: TValue | null;
  onValueChange: (value: TValue) => void;
  placeholder?: string;
  disabled?: boolean;
  className?: string;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
  "aria-required"?: true | undefined;
};

/** A choice from a short, known list. For a long or remote list use `Combobox`. */
export function Select<TValue extends string>({
  options,
  value,
  onValueChange,
  placeholder = "Choose…",
  disabled,
  className,
  ...control
}: SelectProps<TValue>) {
  const choose = (chosen: string) => {
    const option = options.find((candidate) => candidate.value === chosen);
    if (option) onValueChange(option.value);
  };
  return (
    <Primitive.Root value={value ?? ""} onValueChange={choose} {...(disabled ? { disabled } : {})}>
      <Primitive.Trigger
        className={classNames(
          controlClasses,
          "flex h-8 items-center justify-between gap-2 text-left data-[placeholder]:text-faint [&>span]:truncate",
          className,
        )}
        {...control}
      >
        <Primitive.Value placeholder={placeholder} />
        <Primitive.Icon>
          <ChevronDown className="size-4 text-faint" aria-hidden />
        </Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) animate-pop-in overflow-hidden rounded-lg bg-raised p-1 shadow-pop"
        >
          <Primitive.Viewport>
            {options.map((option) => (
              <SelectItem key={option.value} option={option} />
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function SelectItem<TValue extends string>({ option }: { option: SelectOption<TValue> }) {
  return (
    <Primitive.Item
      value={option.value}
      disabled={option.isDisabled ?? false}
      className="flex select-none items-start gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover"
    >
      <span className="mt-0.5 size-4 shrink-0">
        <Primitive.ItemIndicator>
          <Check className="size-4 text-accent-text" aria-hidden />
        </Primitive.ItemIndicator>
      </span>
      <span className="min-w-0">
        <Primitive.ItemText>
          <span className="inline-flex items-center gap-2">
            {option.icon}
            {option.label}
          </span>
        </Primitive.ItemText>
        {option.hint ? <span className="block text-muted text-xs">{option.hint}</span> : null}
      </span>
    </Primitive.Item>
  );
}
