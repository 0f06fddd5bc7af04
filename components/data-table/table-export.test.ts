import { describe, expect, it } from "vitest";
import { csvCell, type ExportColumn, toCsv, toJsonLines } from "./table-export.ts";

type Row = { name: string; calls: number | null };
const columns: ExportColumn<Row>[] = [
  { id: "name", header: "Name", value: (row) => row.name },
  { id: "calls", header: "Calls", value: (row) => row.calls },
];

describe("csvCell", () => {
  it.each([
    ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
    ["+1+1", "'+1+1"],
    ["-1+1", "'-1+1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ["\r=1", '"\'\r=1"'],
    ["-3.41", "-3.41"],
    ["a, b", '"a, b"'],
    ["two\nlines", '"two\nlines"'],
    ["سلام 🙂", "سلام 🙂"],
  ])("writes %j as %j", (value, cell) => expect(csvCell(value)).toBe(cell));

  it("writes numbers, truth and nothing plainly", () => {
    expect([-5, true, null, 0].map(csvCell)).toEqual(["-5", "true", "", "0"]);
  });
});

describe("whole files", () => {
  const rows: Row[] = [
    { name: "checkout", calls: 1204 },
    { name: "=cmd", calls: null },
  ];

  it("has a header, CRLF and a byte order mark", () => {
    expect(toCsv(rows, columns)).toBe("\uFEFFName,Calls\r\ncheckout,1204\r\n'=cmd,\r\n");
  });

  it("keeps values untouched in JSON Lines", () => {
    const lines = toJsonLines(rows, columns)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(rows);
    expect(toJsonLines([], columns)).toBe("");
  });
});
