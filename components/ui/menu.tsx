"use client";
import type { LucideIcon } from "lucide-react";
import dynamic from "next/dynamic";
import { Slot } from "radix-ui";
import { type KeyboardEvent, type ReactElement, type ReactNode, useId, useRef, useState } from "react";

/** One line of a menu. */
export type MenuEntry =
  | {
      kind: "item";
      label: string;
      icon?: LucideIcon;
      onSelect: () => void;
      isDestructive?: boolean;
      isDisabled?: boolean;
    }
  | { kind: "check"; label: string; isChecked: boolean; onChange: (isChecked: boolean) => void }
  | { kind: "heading"; content: ReactNode }
  | { kind: "separator" };

export type MenuProps = {
  /** The button that opens it; gets its handlers, ids and states from here. */
  button: ReactElement;
  entries: readonly MenuEntry[];
  align?: "start" | "end";
  className?: string;
};

const loadFrame = () => import("#components/ui/menu-frame.tsx");
const MenuFrame = dynamic(loadFrame, { ssr: false });

function preload(): void {
  void loadFrame().catch(() => undefined);
}

/**
 * A button with a menu: arrows move, letters find, Escape closes and gives the focus back. The menu's code is fetched
 * when the pointer or the focus reaches the button.
 */
export function Menu({ button, entries, align = "end", className }: MenuProps) {
  const id = useId();
  const element = useRef<HTMLButtonElement>(null);
  const [openedAt, setOpenedAt] = useState<DOMRect | null>(null);
  const [wasOpened, setWasOpened] = useState(false);
  const open = () => {
    setWasOpened(true);
    setOpenedAt(element.current?.getBoundingClientRect() ?? null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" || openedAt) return;
    event.preventDefault();
    open();
  };
  return (
    <>
      <Slot.Root
        ref={element}
        id={id}
        aria-haspopup="menu"
        aria-expanded={openedAt !== null}
        onClick={() => (openedAt ? setOpenedAt(null) : open())}
        onKeyDown={onKeyDown}
        onPointerEnter={preload}
        onFocus={preload}
      >
        {button}
      </Slot.Root>
      {wasOpened ? (
        <MenuFrame
          openedAt={openedAt}
          button={element}
          onClose={() => setOpenedAt(null)}
          entries={entries}
          align={align}
          {...(className ? { className } : {})}
        />
      ) : null}
    </>
  );
}
