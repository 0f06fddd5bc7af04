"use client";
import { ErrorState } from "#components/ui/error-state.tsx";
import "./globals.css";

/** Where even the document could not be rendered. */
export default function DocumentError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="grid min-h-dvh place-items-center">
          <ErrorState title="The console did not load" onRetry={reset} requestId={error.digest} />
        </main>
      </body>
    </html>
  );
}
