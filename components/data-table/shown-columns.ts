import type { DataTableColumn, TableSort } from "#components/data-table/column.ts";

/** A column the viewer cannot hide. */
export function isFixed<TRow>(column: DataTableColumn<TRow>): boolean {
  return column.isPinned === true || column.phone === "title";
}

/** The columns in sight: the viewer's choice (`null` is the default one) and those that cannot be hidden. */
export function shownColumns<TRow>(
  columns: readonly DataTableColumn<TRow>[],
  chosen: readonly string[] | null,
): DataTableColumn<TRow>[] {
  return columns.filter((column) => {
    if (isFixed(column)) return true;
    return chosen === null ? column.isHiddenAtFirst !== true : chosen.includes(column.id);
  });
}

/** The choice after one column was shown or hidden, in the columns' own order. */
export function withColumn<TRow>(
  columns: readonly DataTableColumn<TRow>[],
  chosen: readonly string[] | null,
  columnId: string,
  isShown: boolean,
): string[] {
  const shown = new Set(shownColumns(columns, chosen).map((column) => column.id));
  if (isShown) shown.add(columnId);
  else shown.delete(columnId);
  return columns.map((column) => column.id).filter((id) => shown.has(id));
}

/** The order after a click on a heading: the other way round, or at first figures from the top and words from A. */
export function nextSort<TRow>(column: DataTableColumn<TRow>, current: TableSort | null): TableSort {
  const isDescending = current?.columnId === column.id ? !current.isDescending : column.isNumeric === true;
  return { columnId: column.id, isDescending };
}
