"use client";
import { useCallback, useEffect, useRef, useState } from "react";

const shownMs = 1_600;

/** Copies text; `copied` is true for a moment after it worked, `failed` where the browser refused (no HTTPS, no focus). */
export function useCopied(): { state: "idle" | "copied" | "failed"; copy: (text: string) => Promise<void> } {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = useCallback(async (text: string) => {
    clearTimeout(timer.current);
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("failed");
    }
    timer.current = setTimeout(() => setState("idle"), shownMs);
  }, []);
  return { state, copy };
}
