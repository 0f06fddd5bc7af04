"use client";
import dynamic from "next/dynamic";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { QueryProvider } from "#components/layout/query-provider.tsx";

const ToastHost = dynamic(() => import("#components/ui/toast-host.tsx"), { ssr: false });

/** What every page stands in: query cache, URL state, toasts. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <QueryProvider>
      <NuqsAdapter>{children}</NuqsAdapter>
      <ToastHost />
    </QueryProvider>
  );
}
