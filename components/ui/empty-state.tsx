import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";

/** Nothing here yet: one sentence on what this is, one button, one code line where it helps. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
  code,
}: {
  icon?: LucideIcon;
  title: string;
  /** The sentence. */
  children: ReactNode;
  action?: ReactNode;
  /** A command that does the same from a shell; shown with a copy button. */
  code?: string;
}) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-12 text-center">
      {Icon ? (
        <span className="grid size-10 place-items-center rounded-lg border border-line bg-subtle text-muted">
          <Icon className="size-5" aria-hidden />
        </span>
      ) : null}
      <div className="max-w-md">
        <h2 className="font-semibold text-base">{title}</h2>
        <p className="mt-1 text-balance text-muted text-sm">{children}</p>
      </div>
      {action}
      {code ? (
        <div className="flex w-full max-w-xl items-center gap-2 rounded-md border border-line bg-subtle py-1 pr-1 pl-3 text-left">
          <code className="min-w-0 grow break-words text-xs">{code}</code>
          <CopyButton value={code} label="Copy command" />
        </div>
      ) : null}
    </div>
  );
}
