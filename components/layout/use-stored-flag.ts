"use client";
import { useCallback, useSyncExternalStore } from "react";

const changed = "turnpike-flag";

function subscribe(listener: () => void): () => void {
  window.addEventListener(changed, listener);
  window.addEventListener("storage", listener);
  return () => {
    window.removeEventListener(changed, listener);
    window.removeEventListener("storage", listener);
  };
}

function read(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** A yes or no that this browser remembers; the default on the server and where storage is refused. */
export function useStoredFlag(key: string, byDefault: boolean): [boolean, (value: boolean) => void] {
  const stored = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  );
  const set = useCallback(
    (value: boolean) => {
      try {
        window.localStorage.setItem(key, String(value));
      } catch {
        return;
      }
      window.dispatchEvent(new Event(changed));
    },
    [key],
  );
  return [stored === null ? byDefault : stored === "true", set];
}
