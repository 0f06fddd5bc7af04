"use client";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { nextSort } from "#components/data-table/shown-columns.ts";
import { tableRoles } from "#components/data-table/table-roles.ts";
import type { TableState } from "#components/data-table/use-table-state.ts";
import { classNames } from "#components/ui/class-names.ts";

/** Column headings; a sortable one is a button and says its order to screen readers. */
export function TableHeader<TRow>({
  columns,
  state,
  hasActions,
}: {
  columns: readonly DataTableColumn<TRow>[];
  state: TableState;
  hasActions: boolean;
}) {
  return (
    <thead {...tableRoles.group} className="max-md:hidden">
      <tr {...tableRoles.row}>
        {columns.map((column) => {
          const isSorted = state.sort?.columnId === column.id;
          return (
            <th
              key={column.id}
              {...tableRoles.heading}
              scope="col"
              aria-sort={isSorted ? (state.sort?.isDescending ? "descending" : "ascending") : undefined}
              className={classNames(
                "h-9 whitespace-nowrap border-line border-b bg-subtle px-3 text-left font-medium text-muted text-xs",
                column.isNumeric && "text-right",
                column.className,
              )}
            >
              {column.isSortable ? (
                <button
                  type="button"
                  onClick={() => state.setSort(nextSort(column, state.sort))}
                  className={classNames(
                    "group -mx-1 inline-flex items-center gap-1 rounded-sm px-1 py-1 hover:text-fg",
                    isSorted && "text-fg",
                    column.isNumeric && "flex-row-reverse",
                  )}
                >
                  {column.header}
                  <SortSign isSorted={isSorted} isDescending={state.sort?.isDescending ?? false} />
                </button>
              ) : (
                column.header
              )}
            </th>
          );
        })}
        {hasActions ? (
          <th {...tableRoles.heading} scope="col" className="w-10 border-line border-b bg-subtle">
            <span className="sr-only">Actions</span>
          </th>
        ) : null}
      </tr>
    </thead>
  );
}

function SortSign({ isSorted, isDescending }: { isSorted: boolean; isDescending: boolean }) {
  if (!isSorted)
    return (
      <ChevronsUpDown
        className="size-3 opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100"
        aria-hidden
      />
    );
  return isDescending ? <ArrowDown className="size-3" aria-hidden /> : <ArrowUp className="size-3" aria-hidden />;
}
