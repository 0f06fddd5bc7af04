import type { DataTableColumn } from "#components/data-table/column.ts";
import { classNames } from "#components/ui/class-names.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The table to come: its real headings, and rows of the real height. */
export function TableSkeleton<TRow>({
  label,
  columns,
  rows,
}: {
  label: string;
  columns: readonly DataTableColumn<TRow>[];
  rows: number;
}) {
  const keys = Array.from({ length: rows }, (_, index) => `row-${index}`);
  return (
    <div role="status" aria-busy aria-label={`Loading ${label}`}>
      <div aria-hidden className="hidden h-9 items-center gap-6 border-line border-b bg-subtle px-3 md:flex">
        {columns.map((column) => (
          <span
            key={column.id}
            className={classNames("flex-1 font-medium text-muted text-xs", column.isNumeric && "text-right")}
          >
            {column.header}
          </span>
        ))}
      </div>
      {keys.map((key, index) => (
        <div key={key} className="flex h-[37px] items-center gap-6 border-line border-b px-3 last:border-0 max-md:h-24">
          {columns.map((column, place) => (
            <span
              key={column.id}
              className={classNames("flex flex-1", column.isNumeric && "justify-end", place > 0 && "max-md:hidden")}
            >
              <Skeleton className={["w-3/4", "w-1/2", "w-2/3"][(index + place) % 3] ?? "w-1/2"} />
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
