"use client";
import dynamic from "next/dynamic";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useEffect, useState } from "react";
import { QueryProvider } from "#components/layout/query-provider.tsx";
import { toasterWanted } from "#components/ui/toast.ts";

const ToastHost = dynamic(() => import("#components/ui/toast-host.tsx"), { ssr: false });

/** What every page stands in: query cache, URL state, toasts. */
export function Providers({ children }: { children: ReactNode }) {
  const [isToasting, setToasting] = useState(false);
  useEffect(() => void toasterWanted.promise.then(() => setToasting(true)), []);
  return (
    <QueryProvider>
      <NuqsAdapter>{children}</NuqsAdapter>
      {isToasting ? <ToastHost /> : null}
    </QueryProvider>
  );
}
