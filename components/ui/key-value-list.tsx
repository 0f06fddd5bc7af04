import type { ReactNode } from "react";
import { classNames } from "#components/ui/class-names.ts";

export type KeyValue = { label: string; value: ReactNode };

/** Facts about one thing, label left and value right; one column on a phone. */
export function KeyValueList({ items, className }: { items: readonly KeyValue[]; className?: string }) {
  return (
    <dl className={classNames("divide-y divide-line text-sm", className)}>
      {items.map((item) => (
        <div key={item.label} className="grid gap-x-4 py-2 sm:grid-cols-[minmax(8rem,12rem)_1fr]">
          <dt className="text-muted">{item.label}</dt>
          <dd className="num min-w-0 break-words">{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
