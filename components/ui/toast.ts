"use client";
import type { ExternalToast } from "sonner";

/** Settles with the first toast: only then is the host fetched. */
export const toasterWanted = Promise.withResolvers<void>();

/** Settles once the host is on the page, so that a toast sent earlier is not lost. */
export const toasterReady = Promise.withResolvers<void>();

type Kind = "success" | "error" | "info";

function show(kind: Kind, words: string, options?: ExternalToast): void {
  toasterWanted.resolve();
  // A toast only repeats what the page shows: where its code cannot be fetched, nothing is lost.
  void Promise.all([import("sonner"), toasterReady.promise]).then(
    ([{ toast: send }]) => send[kind](words, options),
    () => undefined,
  );
}

/** Says for a moment that something was done (or undone, with an `action`). The library behind it loads on demand. */
export const toast = {
  success: (words: string, options?: ExternalToast) => show("success", words, options),
  error: (words: string, options?: ExternalToast) => show("error", words, options),
  info: (words: string, options?: ExternalToast) => show("info", words, options),
};
