import type { ReactNode } from "react";
import type { ExportValue } from "#components/data-table/table-export.ts";

/** One column of a `DataTable`. */
export type DataTableColumn<TRow> = {
  id: string;
  header: string;
  cell: (row: TRow) => ReactNode;
  /** What the export writes for it; a column without this is left out of exports. */
  exportValue?: (row: TRow) => ExportValue;
  /** The server can sort by this column's id. */
  isSortable?: boolean;
  /** Right-aligned tabular figures. */
  isNumeric?: boolean;
  /** On a phone: the card's heading, a line of the card (the default), or left out. */
  phone?: "title" | "line" | "hidden";
  /** Hidden until the viewer chooses it. */
  isHiddenAtFirst?: boolean;
  /** Can never be hidden; the title column never can. */
  isPinned?: boolean;
  /** A fixed or smallest width, as a class ("w-40", "min-w-64"). */
  className?: string;
};

/** Order asked of the server. */
export type TableSort = { columnId: string; isDescending: boolean };

/** One entry of a row's menu. */
export type RowAction = {
  label: string;
  onSelect: () => void;
  isDestructive?: boolean;
  isDisabled?: boolean;
};
