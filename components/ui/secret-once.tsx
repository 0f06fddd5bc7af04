"use client";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** A secret at the only moment it exists in clear: shown, copied, never again. Keep it out of any cache or URL. */
export function SecretOnce({ label, secret, children }: { label: string; secret: string; children?: React.ReactNode }) {
  return (
    <div className="flex flex-col gap-3">
      <Notice tone="warning" title="Copy it now">
        Only its hash is stored: this is the one time it can be shown.
      </Notice>
      <div className="flex flex-col gap-1.5">
        <span className="font-medium text-sm">{label}</span>
        <div className="flex flex-wrap items-center gap-2 rounded-md border border-control bg-subtle p-1.5 pl-3">
          <code data-testid="secret" className="min-w-0 grow select-all break-all text-sm">
            {secret}
          </code>
          <CopyButton value={secret} label="Copy" isWordShown variant="primary" />
        </div>
      </div>
      {children}
    </div>
  );
}
