"use client";
import { Popover as Primitive } from "radix-ui";
import { type RefObject, useEffect, useRef } from "react";
import { classNames } from "#components/ui/class-names.ts";
import type { PopupProps } from "#components/ui/popup.tsx";

/** The panel itself, loaded by `Popup` when it first opens. Inside a dialog it stays within the dialog's focus. */
export default function PopupFrame({
  id,
  button,
  isOpen,
  onOpenChange,
  label,
  align = "start",
  className,
  children,
}: PopupProps) {
  const isLeavingElsewhere = useRef(false);
  useEffect(() => {
    if (isOpen) isLeavingElsewhere.current = false;
  }, [isOpen]);
  return (
    <Primitive.Root open={isOpen} onOpenChange={onOpenChange}>
      <Primitive.Anchor virtualRef={measurable(button)} />
      <Primitive.Portal container={button.current?.closest<HTMLElement>("[role=dialog]") ?? null}>
        <Primitive.Content
          {...(id ? { id } : {})}
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          onInteractOutside={(event) => {
            // The button closes the popup itself; closing here as well would let its click open it again.
            if (event.target instanceof Node && button.current?.contains(event.target)) event.preventDefault();
            else isLeavingElsewhere.current = true;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!isLeavingElsewhere.current) button.current?.focus();
          }}
          className={classNames(
            "z-50 max-h-(--radix-popover-content-available-height) max-w-[calc(100vw-1rem)] animate-pop-in overflow-y-auto rounded-lg bg-raised p-3 shadow-pop outline-none",
            className,
          )}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** The anchor is read only while the popup is open, and then its button is on the page. */
function measurable(button: RefObject<HTMLElement | null>): RefObject<HTMLElement> {
  return button as RefObject<HTMLElement>;
}
