"use client";
import { Columns3, Download } from "lucide-react";
import type { DataTableColumn } from "#components/data-table/column.ts";
import type { DataTableProps } from "#components/data-table/data-table.tsx";
import { downloadText } from "#components/data-table/download.ts";
import { type ExportColumn, toCsv, toJsonLines } from "#components/data-table/table-export.ts";
import { type HeadlessTable, isFixed } from "#components/data-table/use-data-table.ts";
import { Button } from "#components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
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
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label="Choose columns" title="Choose columns">
          <Columns3 aria-hidden />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuLabel>Columns</DropdownMenuLabel>
        {choosable.map((column) => (
          <DropdownMenuCheckboxItem
            key={column.id}
            checked={table.getColumn(column.id)?.getIsVisible() ?? false}
            onCheckedChange={(checked) => table.getColumn(column.id)?.toggleVisibility(checked)}
            onSelect={(event) => event.preventDefault()}
          >
            {column.header}
          </DropdownMenuCheckboxItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={onReset}>Reset columns</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
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
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          variant="ghost"
          size="icon"
          aria-label="Export what is shown"
          title="Export what is shown"
          disabled={rows.length === 0}
        >
          <Download aria-hidden />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuLabel>{rows.length === 1 ? "Export 1 row" : `Export ${rows.length} rows`}</DropdownMenuLabel>
        <DropdownMenuItem onSelect={() => downloadText(`${fileName}.csv`, "text/csv", toCsv(rows, exported))}>
          CSV
        </DropdownMenuItem>
        <DropdownMenuItem
          onSelect={() => downloadText(`${fileName}.jsonl`, "application/jsonl", toJsonLines(rows, exported))}
        >
          JSON Lines
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
