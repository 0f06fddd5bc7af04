"use client";
import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import { type RefObject, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { classNames } from "#components/ui/class-names.ts";
import type { MenuEntry, MenuProps } from "#components/ui/menu.tsx";

type MenuFrameProps = Omit<MenuProps, "button"> & {
  /** Where the button was when the menu opened; null while it is closed. */
  openedAt: DOMRect | null;
  button: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
};

const itemClasses =
  "flex cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-faint";

/** The menu itself, loaded by `Menu` when it first opens. It does not follow a scrolling page: it closes. */
export default function MenuFrame({ openedAt, button, onClose, entries, align = "end", className }: MenuFrameProps) {
  const isLeavingElsewhere = useRef(false);
  useEffect(() => {
    if (!openedAt) return;
    isLeavingElsewhere.current = false;
    const onScroll = (event: Event) => {
      if (!(event.target instanceof Element && event.target.closest("[role=menu]"))) onClose();
    };
    window.addEventListener("scroll", onScroll, { capture: true, passive: true });
    window.addEventListener("resize", onClose);
    return () => {
      window.removeEventListener("scroll", onScroll, { capture: true });
      window.removeEventListener("resize", onClose);
    };
  }, [openedAt, onClose]);
  return (
    <Primitive.Root open={openedAt !== null} onOpenChange={(isOpen) => !isOpen && onClose()} modal={false}>
      {createPortal(
        // On the body, since a blurred or moved ancestor would take "fixed" as its own.
        <Primitive.Trigger asChild>
          <span
            aria-hidden
            tabIndex={-1}
            className="pointer-events-none fixed"
            style={
              openedAt
                ? { left: openedAt.x, top: openedAt.y, width: openedAt.width, height: openedAt.height }
                : undefined
            }
          />
        </Primitive.Trigger>,
        document.body,
      )}
      <Primitive.Portal container={button.current?.closest<HTMLElement>("[role=dialog], main, header") ?? null}>
        <Primitive.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          aria-labelledby={button.current?.id}
          onInteractOutside={(event) => {
            // The button closes the menu itself; closing here as well would let its click open it again.
            if (event.target instanceof Node && button.current?.contains(event.target)) event.preventDefault();
            else isLeavingElsewhere.current = true;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!isLeavingElsewhere.current) button.current?.focus();
          }}
          className={classNames(
            "z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 max-w-80 animate-pop-in overflow-y-auto rounded-lg bg-raised p-1 shadow-pop",
            className,
          )}
        >
          {entries.map((entry, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries of one menu keep their places while it is open
            <Entry key={index} entry={entry} />
          ))}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  switch (entry.kind) {
    case "separator":
      return <Primitive.Separator className="-mx-1 my-1 h-px bg-line" />;
    case "heading":
      return <Primitive.Label className="px-2 py-1.5 text-faint text-xs">{entry.content}</Primitive.Label>;
    case "check":
      return (
        <Primitive.CheckboxItem
          checked={entry.isChecked}
          onCheckedChange={entry.onChange}
          onSelect={(event) => event.preventDefault()}
          className={itemClasses}
        >
          <span className="grid size-4 shrink-0 place-items-center">
            <Primitive.ItemIndicator>
              <Check aria-hidden className="size-3.5 text-accent-text!" />
            </Primitive.ItemIndicator>
          </span>
          {entry.label}
        </Primitive.CheckboxItem>
      );
    case "item":
      return (
        <Primitive.Item
          onSelect={entry.onSelect}
          disabled={entry.isDisabled ?? false}
          className={classNames(
            itemClasses,
            entry.isDestructive && "text-danger data-[highlighted]:bg-danger-soft [&_svg]:text-danger",
          )}
        >
          {entry.icon ? <entry.icon aria-hidden /> : null}
          {entry.label}
        </Primitive.Item>
      );
  }
}
