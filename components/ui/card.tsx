import type { ComponentProps, ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

/** A surface with a border. */
export function Card({ className, ...props }: ComponentProps<"section">) {
  return (
    <section
      className={classNames("min-w-0 rounded-lg border border-line bg-surface shadow-card", className)}
      {...props}
    />
  );
}

/** A card with a heading, an optional line under it, controls at the far end, and padding. */
export function TitledCard({
  title,
  description,
  actions,
  children,
  className,
  isFlush = false,
}: {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
  /** No padding around the body, for a table that reaches the edges. */
  isFlush?: boolean;
}) {
  return (
    <Card className={className}>
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3 pb-2">
        <div className="min-w-0">
          <h2 className="font-semibold text-base">{title}</h2>
          {description ? <p className="text-muted text-sm">{description}</p> : null}
        </div>
        {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
      </header>
      <div className={isFlush ? "" : "px-4 pb-4"}>{children}</div>
    </Card>
  );
}

/** One headline figure with its change against the previous period. */
export function StatCard({
  label,
  value,
  change,
  hint,
  children,
}: {
  label: ReactNode;
  value: ReactNode;
  change?: ReactNode;
  hint?: ReactNode;
  /** A sparkline, for instance. */
  children?: ReactNode;
}) {
  return (
    <Card className="flex flex-col gap-1 px-4 py-3">
      <p className="text-muted text-xs">{label}</p>
      <p className="num flex flex-wrap items-baseline gap-x-2 font-semibold text-xl tracking-tight">
        {value}
        {change ? <span className="font-normal text-xs tracking-normal">{change}</span> : null}
      </p>
      {hint ? <p className="text-faint text-xs">{hint}</p> : null}
      {children}
    </Card>
  );
}
