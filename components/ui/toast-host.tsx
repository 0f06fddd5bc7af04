"use client";
import { useEffect } from "react";
import { Toaster } from "sonner";
import { toasterReady } from "#components/ui/toast.ts";

/** Where toasts appear. Loaded by `Providers` with the first toast. */
export default function ToastHost() {
  useEffect(() => toasterReady.resolve(), []);
  return (
    <Toaster
      position="bottom-right"
      gap={8}
      // The library names fonts of its own.
      style={{ fontFamily: "inherit" }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast: "flex w-full items-start gap-2.5 rounded-lg bg-raised p-3 text-fg text-sm shadow-pop",
          title: "font-medium",
          description: "text-muted",
          actionButton: "ml-auto shrink-0 rounded-md border border-line-strong px-2 py-1 text-xs hover:bg-hover",
          success: "[&_[data-icon]]:text-success",
          error: "[&_[data-icon]]:text-danger",
        },
      }}
    />
  );
}
