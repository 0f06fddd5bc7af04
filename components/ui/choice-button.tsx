"use client";
import { ChevronDown } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { classNames } from "#components/ui/class-names.ts";
import { controlClasses } from "#components/ui/input.tsx";
import { preloadPopup } from "#components/ui/popup.tsx";

/** Ids and states that a `Field` hands to its control. */
export type ChoiceControlProps = {
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
  "aria-required"?: true | undefined;
};

export const loadOptionList = () => import("#components/ui/option-list.tsx");

function preload(): void {
  preloadPopup();
  void loadOptionList().catch(() => undefined);
}

/** The closed face of a `Select` or a `Combobox`. */
export function ChoiceButton({
  button,
  popupId,
  isOpen,
  onToggle,
  onOpen,
  disabled = false,
  className,
  children,
  ...control
}: ChoiceControlProps & {
  button: RefObject<HTMLButtonElement | null>;
  popupId: string;
  isOpen: boolean;
  onToggle: () => void;
  onOpen: () => void;
  disabled?: boolean;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <button
      ref={button}
      type="button"
      role="combobox"
      aria-haspopup="listbox"
      aria-expanded={isOpen}
      aria-controls={isOpen ? popupId : undefined}
      disabled={disabled}
      onPointerEnter={preload}
      onFocus={preload}
      onClick={onToggle}
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        onOpen();
      }}
      className={classNames(controlClasses, "flex h-8 items-center justify-between gap-2 text-left", className)}
      {...control}
    >
      {children}
      <ChevronDown className="size-4 shrink-0 text-faint" aria-hidden />
    </button>
  );
}
