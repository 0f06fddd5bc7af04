import type { ReactNode } from "react";

/** A page's heading: its only h1, one line on what it is, and its actions. */
export function PageHeader({
  title,
  description,
  breadcrumb,
  status,
  actions,
}: {
  title: ReactNode;
  description?: ReactNode;
  /** A link back to the list, on a detail page. */
  breadcrumb?: ReactNode;
  status?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {breadcrumb ? <div className="mb-1 text-muted text-xs">{breadcrumb}</div> : null}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 break-words font-semibold text-xl tracking-tight" dir="auto">
            {title}
          </h1>
          {status}
        </div>
        {description ? <p className="mt-0.5 max-w-2xl text-muted text-sm">{description}</p> : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}
