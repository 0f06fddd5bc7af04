"use client";
import type { ReactNode } from "react";
import type { DataTableColumn, RowAction } from "#components/data-table/column.ts";
import { shownColumns } from "#components/data-table/shown-columns.ts";
import { TableBody } from "#components/data-table/table-body.tsx";
import { TableHeader } from "#components/data-table/table-header.tsx";
import { tableRoles } from "#components/data-table/table-roles.ts";
import { TableSkeleton } from "#components/data-table/table-skeleton.tsx";
import { TableToolbar } from "#components/data-table/table-toolbar.tsx";

import type { TableState } from "#components/data-table/use-table-state.ts";
import { Card } from "#components/ui/card.tsx";
import { classNames } from "#components/ui/class-names.ts";
import { CursorPagination } from "#components/ui/cursor-pagination.tsx";
import { ErrorState, type ErrorStateProps } from "#components/ui/error-state.tsx";

export type DataTableProps<TRow> = {
  /** Names the table for screen readers and its export file: "API keys". */
  label: string;
  columns: readonly DataTableColumn<TRow>[];
  /** This page's rows; `undefined` while the first answer is awaited. Keep the reference stable between answers. */
  rows: readonly TRow[] | undefined;
  rowKey: (row: TRow) => string;
  /** From `useTableState()`. */
  state: TableState;
  nextCursor: string | null;
  /** A later page or sort is on its way: the old rows stay, dimmed. */
  isRefreshing?: boolean;
  /** Set where the list did not load. */
  error?: ErrorStateProps | null;
  /** Nothing exists yet (an `EmptyState`). */
  empty: ReactNode;
  /** True where filters or the search are in force, so that no rows means "nothing matches". */
  isFiltered?: boolean;
  onClearFilters?: () => void;
  /** The row's own page: Enter and click go there; the title cell should hold the real anchor. */
  onRowOpen?: (row: TRow) => void;
  rowActions?: (row: TRow) => readonly RowAction[];
  /** The search box's words; left out, there is no search. */
  searchLabel?: string;
  /** Filter controls, after the search box. */
  filters?: ReactNode;
  /** Filter chips, on a line of their own. */
  chips?: ReactNode;
  /** How many rows the skeleton shows. */
  skeletonRows?: number;
};

/** A list from the server: paged by cursor, sorted and searched there, its state in the URL, exported as shown. */
export function DataTable<TRow>(props: DataTableProps<TRow>) {
  const shown = shownColumns(props.columns, props.state.visibleColumns);
  return (
    <div className="flex flex-col gap-2">
      <TableToolbar {...props} shown={shown} />
      {props.chips}
      <Card className="overflow-hidden">
        <DataTableContent {...props} shown={shown} />
      </Card>
    </div>
  );
}

function DataTableContent<TRow>(props: DataTableProps<TRow> & { shown: readonly DataTableColumn<TRow>[] }) {
  const { rows, error, state, nextCursor, shown } = props;
  if (error) return <ErrorState {...error} />;
  if (rows === undefined) return <TableSkeleton label={props.label} columns={shown} rows={props.skeletonRows ?? 8} />;
  if (rows.length === 0 && state.cursor === null) {
    return props.isFiltered || state.search !== "" ? (
      <NothingMatches onClear={props.onClearFilters} state={state} />
    ) : (
      props.empty
    );
  }
  return (
    <>
      <div className={classNames("overflow-x-auto transition-opacity", props.isRefreshing && "opacity-60")}>
        <table
          {...tableRoles.table}
          aria-label={props.label}
          aria-busy={props.isRefreshing || undefined}
          className="w-full border-collapse text-sm max-md:block"
        >
          <TableHeader columns={shown} state={state} hasActions={props.rowActions !== undefined} />
          <TableBody
            columns={shown}
            rows={rows}
            rowKey={props.rowKey}
            onRowOpen={props.onRowOpen}
            rowActions={props.rowActions}
          />
        </table>
      </div>
      <div className="border-line border-t">
        <CursorPagination
          shown={rows.length}
          isFirstPage={state.cursor === null}
          hasPrevious={state.hasPrevious}
          hasNext={nextCursor !== null}
          onFirst={state.goFirst}
          onPrevious={state.goPrevious}
          onNext={() => nextCursor !== null && state.goNext(nextCursor)}
        />
      </div>
    </>
  );
}

function NothingMatches({ state, onClear }: { state: TableState; onClear: (() => void) | undefined }) {
  return (
    <div role="status" className="flex flex-col items-center gap-2 px-6 py-12 text-center text-sm">
      <p className="font-medium">Nothing matches</p>
      <p className="text-muted">No row fits the search and the filters together.</p>
      <button
        type="button"
        className="text-accent-text hover:underline"
        onClick={() => {
          state.setSearchText("");
          onClear?.();
        }}
      >
        Clear them
      </button>
    </div>
  );
}
