"use client";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { Toaster } from "sonner";
import { QueryProvider } from "#components/layout/query-provider.tsx";
import { TooltipProvider } from "#components/ui/tooltip.tsx";

/** What every page stands in: query cache, URL state, tooltips, toasts. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <QueryProvider>
      <NuqsAdapter>
        <TooltipProvider delayDuration={300}>{children}</TooltipProvider>
      </NuqsAdapter>
      <Toaster
        position="bottom-right"
        gap={8}
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
    </QueryProvider>
  );
}
