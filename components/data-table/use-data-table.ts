"use client";
import {
  type ColumnDef,
  columnVisibilityFeature,
  type ReactTable,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useMemo } from "react";
import type { DataTableColumn } from "#components/data-table/column.ts";
import type { TableState } from "#components/data-table/use-table-state.ts";

const features = tableFeatures({ columnVisibilityFeature, rowSortingFeature });

/** The headless table under a `DataTable`: it knows columns, their visibility and the order asked for, never the data's order. */
export type HeadlessTable<TRow> = ReactTable<typeof features, TableRow<TRow>>;

/** The table library wants an object per row; the page's row travels inside it. */
export type TableRow<TRow> = { value: TRow };

const noRows: never[] = [];

/** Builds the headless table and lists the columns in sight. `columns` and `rows` must be stable between renders. */
export function useDataTable<TRow>({
  columns,
  rows,
  rowKey,
  state,
}: {
  columns: readonly DataTableColumn<TRow>[];
  rows: readonly TRow[] | undefined;
  rowKey: (row: TRow) => string;
  state: TableState;
}): { table: HeadlessTable<TRow>; shownColumns: readonly DataTableColumn<TRow>[] } {
  const definitions = useMemo(() => columns.map((column) => toDefinition(column)), [columns]);
  const data = useMemo(() => rows?.map((value) => ({ value })) ?? noRows, [rows]);
  const columnVisibility = useMemo(
    () => Object.fromEntries(columns.map((column) => [column.id, isShown(column, state.visibleColumns)])),
    [columns, state.visibleColumns],
  );
  const sorting = useMemo<SortingState>(
    () => (state.sort ? [{ id: state.sort.columnId, desc: state.sort.isDescending }] : []),
    [state.sort],
  );
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: (row) => rowKey(row.value),
    manualSorting: true,
    enableSortingRemoval: false,
    state: { columnVisibility, sorting },
    onSortingChange: (update) => {
      const [first] = typeof update === "function" ? update(sorting) : update;
      state.setSort(first ? { columnId: first.id, isDescending: first.desc } : null);
    },
    onColumnVisibilityChange: (update) => {
      const next = typeof update === "function" ? update(columnVisibility) : update;
      state.setVisibleColumns(columns.filter((column) => next[column.id] !== false).map((column) => column.id));
    },
  });
  const shownColumns = columns.filter((column) => columnVisibility[column.id] !== false);
  return { table, shownColumns };
}

function toDefinition<TRow>(column: DataTableColumn<TRow>): ColumnDef<typeof features, TableRow<TRow>> {
  return {
    id: column.id,
    header: column.header,
    accessorFn: (row) => column.exportValue?.(row.value) ?? null,
    cell: (context) => column.cell(context.row.original.value),
    enableSorting: column.isSortable ?? false,
    enableHiding: !isFixed(column),
    sortDescFirst: column.isNumeric ?? false,
  };
}

/** A column the viewer cannot hide. */
export function isFixed<TRow>(column: DataTableColumn<TRow>): boolean {
  return column.isPinned === true || column.phone === "title";
}

function isShown<TRow>(column: DataTableColumn<TRow>, chosen: readonly string[] | null): boolean {
  if (isFixed(column)) return true;
  return chosen === null ? column.isHiddenAtFirst !== true : chosen.includes(column.id);
}
