"use client";
import { useSyncExternalStore } from "react";

const tickMs = 15_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let currentMs = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) {
    timer = setInterval(() => {
      currentMs = Date.now();
      for (const notify of listeners) notify();
    }, tickMs);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
      currentMs = 0;
    }
  };
}

function readClient(): number {
  if (currentMs === 0) currentMs = Date.now();
  return currentMs;
}

/**
 * The time now, moved every 15 s by one timer for the whole page. `null` on the server and during hydration, so that
 * the first client render equals the server's.
 */
export function useNow(): number | null {
  return useSyncExternalStore<number | null>(subscribe, readClient, () => null);
}
