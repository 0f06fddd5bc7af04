"use client";
import { type KeyboardEvent, type MouseEvent, useState } from "react";
import type { DataTableColumn, RowAction } from "#components/data-table/column.ts";
import { RowMenu } from "#components/data-table/row-menu.tsx";
import { tableRoles } from "#components/data-table/table-roles.ts";
import { classNames } from "#components/ui/class-names.ts";

type TableBodyProps<TRow> = {
  columns: readonly DataTableColumn<TRow>[];
  rows: readonly TRow[];
  rowKey: (row: TRow) => string;
  onRowOpen: ((row: TRow) => void) | undefined;
  rowActions: ((row: TRow) => readonly RowAction[]) | undefined;
};

const interactive = "a,button,input,label,select,textarea,[role=menuitem]";

/**
 * The rows. One row at a time is in the tab order; arrows (or j and k), Home and End move it, Enter opens it.
 * On a phone each row becomes a card: heading, then label and value per line.
 */
export function TableBody<TRow>({ columns, rows, rowKey, onRowOpen, rowActions }: TableBodyProps<TRow>) {
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const keys = rows.map(rowKey);
  const tabKey = focusedId !== null && keys.includes(focusedId) ? focusedId : keys[0];
  return (
    <tbody {...tableRoles.group} className="max-md:block">
      {rows.map((row) => {
        const key = rowKey(row);
        return (
          <tr
            key={key}
            {...tableRoles.row}
            tabIndex={key === tabKey ? 0 : -1}
            onFocus={() => setFocusedId(key)}
            onKeyDown={(event) => onRowKey(event, () => onRowOpen?.(row))}
            onClick={(event) => isOwnClick(event) && onRowOpen?.(row)}
            className={classNames(
              "focus-inset group/row border-line border-b last:border-0 hover:bg-subtle max-md:relative max-md:grid max-md:gap-1 max-md:px-3 max-md:py-3",
              onRowOpen && "cursor-pointer",
            )}
          >
            {columns.map((column) => (
              <BodyCell key={column.id} column={column} row={row} />
            ))}
            {rowActions ? (
              <td
                {...tableRoles.cell}
                className="w-10 px-1.5 py-1 text-right max-md:absolute max-md:top-1.5 max-md:right-1.5"
              >
                <RowMenu actions={rowActions(row)} />
              </td>
            ) : null}
          </tr>
        );
      })}
    </tbody>
  );
}

function BodyCell<TRow>({ column, row }: { column: DataTableColumn<TRow>; row: TRow }) {
  const phone = column.phone ?? "line";
  return (
    <td
      {...tableRoles.cell}
      className={classNames(
        "max-w-0 px-3 py-2 align-middle max-md:max-w-none max-md:p-0",
        column.isNumeric && "num whitespace-nowrap text-right",
        phone === "title" && "w-1/3 font-medium max-md:w-auto max-md:pr-8",
        phone === "line" && "max-md:flex max-md:items-center max-md:justify-between max-md:gap-4 max-md:text-left",
        phone === "hidden" && "max-md:hidden",
        column.className,
        "max-md:w-auto max-md:min-w-0",
      )}
    >
      {phone === "line" ? (
        <span aria-hidden className="shrink-0 text-muted text-xs md:hidden">
          {column.header}
        </span>
      ) : null}
      <div className={classNames("min-w-0", !column.isNumeric && "truncate")}>{column.cell(row)}</div>
    </td>
  );
}

function isOwnClick(event: MouseEvent<HTMLTableRowElement>): boolean {
  const isInner = event.target instanceof Element && event.target.closest(interactive) !== null;
  const isSelecting = (window.getSelection()?.toString() ?? "") !== "";
  return !isInner && !isSelecting && event.currentTarget.contains(event.target instanceof Node ? event.target : null);
}

function onRowKey(event: KeyboardEvent<HTMLTableRowElement>, open: () => void): void {
  const row = event.currentTarget;
  if (event.target !== row || event.altKey || event.ctrlKey || event.metaKey) return;
  const targets: Record<string, Element | null | undefined> = {
    ArrowDown: row.nextElementSibling,
    j: row.nextElementSibling,
    ArrowUp: row.previousElementSibling,
    k: row.previousElementSibling,
    Home: row.parentElement?.firstElementChild,
    End: row.parentElement?.lastElementChild,
  };
  if (event.key === "Enter") {
    event.preventDefault();
    open();
  } else if (event.key in targets) {
    event.preventDefault();
    const target = targets[event.key];
    if (target instanceof HTMLElement) target.focus();
  }
}
