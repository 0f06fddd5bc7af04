"use client";
import { CloudAlert, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";

export type ErrorStateProps = {
  /** What happened. */
  title?: string;
  /** What to do about it. */
  children?: ReactNode;
  onRetry?: () => void;
  isRetrying?: boolean;
  /** Lets support find this failure in the log. */
  requestId?: string | undefined;
};

/** Something did not load: what happened, what to do, retry, and the request id. */
export function ErrorState({
  title = "This did not load",
  children = "The control plane did not answer as expected. Try again; if it stays, the request id below finds it in the log.",
  onRetry,
  isRetrying = false,
  requestId,
}: ErrorStateProps) {
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-12 text-center">
      <span className="grid size-10 place-items-center rounded-lg bg-danger-soft text-danger">
        <CloudAlert className="size-5" aria-hidden />
      </span>
      <div className="max-w-md">
        <h2 className="font-semibold text-base">{title}</h2>
        <p className="mt-1 text-balance text-muted text-sm">{children}</p>
      </div>
      {onRetry ? (
        <Button onClick={onRetry} isPending={isRetrying}>
          {isRetrying ? null : <RotateCw aria-hidden />}
          Try again
        </Button>
      ) : null}
      {requestId ? (
        <p className="flex items-center gap-1 text-faint text-xs">
          Request <code>{requestId}</code>
          <CopyButton value={requestId} label="Copy request id" />
        </p>
      ) : null}
    </div>
  );
}
