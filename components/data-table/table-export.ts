/** A column as the export sees it. */
export type ExportColumn<TRow> = { id: string; header: string; value: (row: TRow) => ExportValue };
export type ExportValue = string | number | boolean | null;

const formulaStart = /^[=+\-@\t\r]/;
const plainNumber = /^-?\d+(\.\d+)?$/;
const mustQuote = /[",\r\n]/;

/**
 * One CSV cell (RFC 4180). Text that a spreadsheet would run as a formula gets a leading apostrophe; a plain negative
 * number stays a number.
 */
export function csvCell(value: ExportValue): string {
  if (value === null) return "";
  const raw = String(value);
  const safe = formulaStart.test(raw) && !plainNumber.test(raw) ? `'${raw}` : raw;
  return mustQuote.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV with a header line and CRLF ends, led by a byte order mark so that spreadsheets read UTF-8. */
export function toCsv<TRow>(rows: readonly TRow[], columns: readonly ExportColumn<TRow>[]): string {
  const lines = [
    columns.map((column) => csvCell(column.header)).join(","),
    ...rows.map((row) => columns.map((column) => csvCell(column.value(row))).join(",")),
  ];
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}

/** Rows as JSON Lines, one object per row keyed by column id; values untouched. */
export function toJsonLines<TRow>(rows: readonly TRow[], columns: readonly ExportColumn<TRow>[]): string {
  return rows
    .map((row) => `${JSON.stringify(Object.fromEntries(columns.map((column) => [column.id, column.value(row)])))}\n`)
    .join("");
}
