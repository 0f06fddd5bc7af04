import Link from "next/link";
import type { ReactNode } from "react";
import { cssPercent } from "#components/format/css-percent.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Truncate } from "#components/ui/truncate.tsx";

export type BarListItem = { key: string; label: string; value: number; href?: string; hint?: ReactNode };

/** The top of a ranking: name, bar and figure per line. `items` undefined while loading. */
export function BarList({
  label,
  items,
  format,
  emptyText = "Nothing in this range.",
  rows = 5,
}: {
  label: string;
  items: readonly BarListItem[] | undefined;
  format: (value: number) => string;
  emptyText?: string;
  /** How many lines the skeleton shows. */
  rows?: number;
}) {
  if (items === undefined) {
    return (
      <div role="status" aria-label={`Loading ${label}`} className="flex flex-col gap-1">
        {Array.from({ length: rows }, (_, index) => `line-${index}`).map((key) => (
          <Skeleton key={key} className="h-7" />
        ))}
      </div>
    );
  }
  if (items.length === 0) return <p className="py-6 text-center text-muted text-sm">{emptyText}</p>;
  const top = Math.max(...items.map((item) => item.value), Number.MIN_VALUE);
  return (
    <ol aria-label={label} className="flex flex-col gap-1">
      {items.map((item) => (
        <li key={item.key} className="relative flex h-7 items-center gap-3 px-2 text-sm">
          <span
            aria-hidden
            className="absolute inset-y-0 left-0 rounded-sm bg-accent-soft"
            style={{ width: cssPercent(Math.max(0.005, item.value / top)) }}
          />
          <span className="relative flex min-w-0 grow items-center gap-2">
            {item.href ? (
              <Link href={item.href} prefetch={false} className="min-w-0 rounded-sm hover:underline">
                <Truncate text={item.label} />
              </Link>
            ) : (
              <Truncate text={item.label} />
            )}
            {item.hint ? <span className="shrink-0 text-muted text-xs">{item.hint}</span> : null}
          </span>
          <span className="num relative shrink-0 font-medium">{format(item.value)}</span>
        </li>
      ))}
    </ol>
  );
}
