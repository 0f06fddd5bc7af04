"use client";
import { useCallback, useLayoutEffect, useRef, useState } from "react";

/**
 * For an overlay whose code is fetched when first needed: `isNeeded` turns true with the first opening and stays so,
 * that closing can play out. `returnFocus` gives the focus back to what had it when the overlay opened.
 */
export function useOnDemand(isOpen: boolean): { isNeeded: boolean; returnFocus: () => void } {
  const [wasOpened, setWasOpened] = useState(isOpen);
  const opener = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (!isOpen) return;
    setWasOpened(true);
    opener.current = focusedElement();
  }, [isOpen]);
  const returnFocus = useCallback(() => {
    if (opener.current?.isConnected) opener.current.focus();
  }, []);
  return { isNeeded: isOpen || wasOpened, returnFocus };
}

/** What has the focus; for an item of a menu, the button that opened the menu, since the item is about to go. */
function focusedElement(): HTMLElement | null {
  const active = document.activeElement;
  const buttonId = active?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const element = buttonId ? document.getElementById(buttonId) : active;
  return element instanceof HTMLElement ? element : null;
}
