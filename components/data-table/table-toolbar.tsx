"use client";
import { ArrowUpDown, Columns3, Download } from "lucide-react";
import type { DataTableColumn } from "#components/data-table/column.ts";
import type { DataTableProps } from "#components/data-table/data-table.tsx";
import { downloadText } from "#components/data-table/download.ts";
import { isFixed, nextSort, withColumn } from "#components/data-table/shown-columns.ts";
import { type ExportColumn, toCsv, toJsonLines } from "#components/data-table/table-export.ts";
import type { TableState } from "#components/data-table/use-table-state.ts";
import { Button } from "#components/ui/button.tsx";
import { Menu, type MenuEntry } from "#components/ui/menu.tsx";
import { SearchInput } from "#components/ui/search-input.tsx";

type ToolbarProps<TRow> = DataTableProps<TRow> & { shown: readonly DataTableColumn<TRow>[] };

/** Search, filters, column choice and export above a table. */
export function TableToolbar<TRow>({ label, state, searchLabel, filters, columns, rows, shown }: ToolbarProps<TRow>) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      {searchLabel ? (
        <SearchInput label={searchLabel} value={state.searchText} onValueChange={state.setSearchText} />
      ) : null}
      {filters}
      <span className="ml-auto flex items-center gap-1">
        <SortMenu columns={columns} state={state} />
        <ColumnMenu columns={columns} shown={shown} state={state} />
        <ExportMenu label={label} rows={rows ?? []} columns={shown} />
      </span>
    </div>
  );
}

/** On a phone, where the headings are out of sight. */
function SortMenu<TRow>({ columns, state }: { columns: readonly DataTableColumn<TRow>[]; state: TableState }) {
  const sortable = columns.filter((column) => column.isSortable);
  if (sortable.length === 0) return null;
  return (
    <Menu
      button={
        <Button variant="ghost" size="icon" className="md:hidden" aria-label="Sort" title="Sort">
          <ArrowUpDown aria-hidden />
        </Button>
      }
      entries={[
        { kind: "heading", content: "Sort by" },
        ...sortable.map((column): MenuEntry => {
          const isSorted = state.sort?.columnId === column.id;
          const direction = state.sort?.isDescending ? "descending" : "ascending";
          return {
            kind: "check",
            label: isSorted ? `${column.header}, ${direction}` : column.header,
            isChecked: isSorted,
            onChange: () => state.setSort(nextSort(column, state.sort)),
          };
        }),
      ]}
    />
  );
}

function ColumnMenu<TRow>({
  columns,
  shown,
  state,
}: {
  columns: readonly DataTableColumn<TRow>[];
  shown: readonly DataTableColumn<TRow>[];
  state: TableState;
}) {
  const choosable = columns.filter((column) => !isFixed(column));
  if (choosable.length === 0) return null;
  const entries: MenuEntry[] = choosable.map((column) => ({
    kind: "check",
    label: column.header,
    isChecked: shown.includes(column),
    onChange: (isChecked) => state.setVisibleColumns(withColumn(columns, state.visibleColumns, column.id, isChecked)),
  }));
  return (
    <Menu
      button={
        <Button variant="ghost" size="icon" aria-label="Choose columns" title="Choose columns">
          <Columns3 aria-hidden />
        </Button>
      }
      entries={[
        { kind: "heading", content: "Columns" },
        ...entries,
        { kind: "separator" },
        { kind: "item", label: "Reset columns", onSelect: () => state.setVisibleColumns(null) },
      ]}
    />
  );
}

function ExportMenu<TRow>({
  label,
  rows,
  columns,
}: {
  label: string;
  rows: readonly TRow[];
  columns: readonly DataTableColumn<TRow>[];
}) {
  const exported = columns.flatMap((column): ExportColumn<TRow>[] =>
    column.exportValue ? [{ id: column.id, header: column.header, value: column.exportValue }] : [],
  );
  const fileName = label.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return (
    <Menu
      button={
        <Button
          variant="ghost"
          size="icon"
          aria-label="Export what is shown"
          title="Export what is shown"
          disabled={rows.length === 0}
        >
          <Download aria-hidden />
        </Button>
      }
      entries={[
        { kind: "heading", content: rows.length === 1 ? "Export 1 row" : `Export ${rows.length} rows` },
        {
          kind: "item",
          label: "CSV",
          onSelect: () => downloadText(`${fileName}.csv`, "text/csv", toCsv(rows, exported)),
        },
        {
          kind: "item",
          label: "JSON Lines",
          onSelect: () => downloadText(`${fileName}.jsonl`, "application/jsonl", toJsonLines(rows, exported)),
        },
      ]}
    />
  );
}
