/**
 * The row a dialog is about, as the list has it now: after a lost race the list is read anew, and trying again must
 * build on what is there. The row as it was where the list no longer shows it.
 */
export function currentRow<TRow extends { id: string }>(row: TRow, rows: readonly TRow[] | undefined): TRow {
  return rows?.find(({ id }) => id === row.id) ?? row;
}
