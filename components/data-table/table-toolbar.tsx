"use client";
import { Columns3, Download } from "lucide-react";
import type { DataTableColumn } from "#components/data-table/column.ts";
import type { DataTableProps } from "#components/data-table/data-table.tsx";
import { downloadText } from "#components/data-table/download.ts";
import { type ExportColumn, toCsv, toJsonLines } from "#components/data-table/table-export.ts";
import { type HeadlessTable, isFixed } from "#components/data-table/use-data-table.ts";
import { Button } from "#components/ui/button.tsx";
import { Menu, type MenuEntry } from "#components/ui/menu.tsx";
import { SearchInput } from "#components/ui/search-input.tsx";

type ToolbarProps<TRow> = DataTableProps<TRow> & {
  table: HeadlessTable<TRow>;
  shownColumns: readonly DataTableColumn<TRow>[];
};

/** Search, filters, column choice and export above a table. */
export function TableToolbar<TRow>({
  label,
  state,
  searchLabel,
  filters,
  columns,
  rows,
  table,
  shownColumns,
}: ToolbarProps<TRow>) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      {searchLabel ? (
        <SearchInput label={searchLabel} value={state.searchText} onValueChange={state.setSearchText} />
      ) : null}
      {filters}
      <span className="ml-auto flex items-center gap-1">
        <ColumnMenu columns={columns} table={table} onReset={() => state.setVisibleColumns(null)} />
        <ExportMenu label={label} rows={rows ?? []} columns={shownColumns} />
      </span>
    </div>
  );
}

function ColumnMenu<TRow>({
  columns,
  table,
  onReset,
}: {
  columns: readonly DataTableColumn<TRow>[];
  table: HeadlessTable<TRow>;
  onReset: () => void;
}) {
  const choosable = columns.filter((column) => !isFixed(column));
  if (choosable.length === 0) return null;
  const entries: MenuEntry[] = choosable.map((column) => ({
    kind: "check",
    label: column.header,
    isChecked: table.getColumn(column.id)?.getIsVisible() ?? false,
    onChange: (isChecked) => table.getColumn(column.id)?.toggleVisibility(isChecked),
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
        { kind: "item", label: "Reset columns", onSelect: onReset },
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
