"use client";
import { Card } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";

/** A page that could not be rendered, inside the frame. `digest` is the id under which the server logged it. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Card>
      <ErrorState title="This page did not load" onRetry={reset} requestId={error.digest} />
    </Card>
  );
}
