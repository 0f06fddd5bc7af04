"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import type { NavGroup } from "#components/layout/nav-items.ts";

const chordMs = 1_200;

export type ShortcutHandlers = { onPalette: () => void; onHelp: () => void };

/**
 * The console's keys: ⌘K or Ctrl-K always; `g` then a letter, `/` and `?` unless the viewer turned single keys off,
 * a text control has the focus, or a dialog is open.
 */
export function useShortcuts(groups: readonly NavGroup[], isSingleKeyOn: boolean, handlers: ShortcutHandlers): void {
  const router = useRouter();
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    let chordStartedMs = Number.NEGATIVE_INFINITY;
    const hrefByLetter = new Map(
      groups.flatMap((group) => group.items.map((entry) => [entry.shortcut, entry.href] as const)),
    );
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        latest.current.onPalette();
        return;
      }
      if (!isSingleKeyOn || event.metaKey || event.ctrlKey || event.altKey || isBusy(event)) return;
      const isChord = event.timeStamp - chordStartedMs < chordMs;
      chordStartedMs = Number.NEGATIVE_INFINITY;
      const href = isChord ? hrefByLetter.get(event.key) : undefined;
      if (href) {
        event.preventDefault();
        event.stopPropagation();
        router.push(href);
      } else if (event.key === "g") {
        chordStartedMs = event.timeStamp;
      } else if (event.key === "/") {
        event.preventDefault();
        focusSearch(latest.current.onPalette);
      } else if (event.key === "?") {
        event.preventDefault();
        latest.current.onHelp();
      }
    };
    document.addEventListener("keydown", onKey, { capture: true });
    return () => document.removeEventListener("keydown", onKey, { capture: true });
  }, [groups, isSingleKeyOn, router]);
}

function isBusy(event: KeyboardEvent): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null;
  const isTyping = target !== null && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
  return isTyping || document.querySelector("[role=dialog], [role=menu], [role=listbox]") !== null;
}

/** The page's own search box where it has one, else the palette. */
function focusSearch(openPalette: () => void): void {
  const box = document.querySelector<HTMLInputElement>("main input[data-search-focus]");
  if (!box) {
    openPalette();
    return;
  }
  box.focus();
  box.select();
}
