"use client";
import dynamic from "next/dynamic";
import { type ReactNode, type RefObject, useState } from "react";

export type PopupProps = {
  /** What opened it: the popup hangs from it and gives the focus back to it. */
  button: RefObject<HTMLElement | null>;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** For the button's `aria-controls`. */
  id?: string;
  /** Its accessible name. */
  label: string;
  align?: "start" | "end";
  className?: string;
  children: ReactNode;
};

const loadFrame = () => import("#components/ui/popup-frame.tsx");
const PopupFrame = dynamic(loadFrame, { ssr: false });

/** Fetches the popup's code; call it when the pointer or the focus reaches the button. */
export function preloadPopup(): void {
  void loadFrame().catch(() => undefined);
}

/** A panel that hangs from a button; its code is fetched on demand. The button says `aria-expanded` itself. */
export function Popup(props: PopupProps) {
  const [wasOpened, setWasOpened] = useState(props.isOpen);
  if (props.isOpen && !wasOpened) setWasOpened(true);
  return wasOpened ? <PopupFrame {...props} /> : null;
}
