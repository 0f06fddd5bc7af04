"use client";
import { ErrorState } from "#components/ui/error-state.tsx";

/** A page that could not be rendered. `digest` is the id under which the server logged it. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="grid min-h-[60dvh] place-items-center">
      <ErrorState title="This page did not load" onRetry={reset} requestId={error.digest} />
    </main>
  );
}
