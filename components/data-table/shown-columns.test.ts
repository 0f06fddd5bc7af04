import { describe, expect, it } from "vitest";
import type { DataTableColumn } from "./column.ts";
import { nextSort, shownColumns, withColumn } from "./shown-columns.ts";

const column = (id: string, more: Partial<DataTableColumn<null>> = {}): DataTableColumn<null> => ({
  id,
  header: id,
  cell: () => id,
  ...more,
});
const name = column("name", { phone: "title" });
const calls = column("calls", { isNumeric: true });
const columns = [name, calls, column("note", { isHiddenAtFirst: true }), column("state", { isPinned: true })];
const ids = (chosen: string[] | null) => shownColumns(columns, chosen).map((shown) => shown.id);

describe("columns in sight", () => {
  it("follow the default, then the choice, and never lose a fixed one", () => {
    expect(ids(null)).toEqual(["name", "calls", "state"]);
    expect(ids(["note"])).toEqual(["name", "note", "state"]);
    expect(ids([])).toEqual(["name", "state"]);
    expect(ids(["gone"])).toEqual(["name", "state"]);
  });

  it("change one at a time and keep their order", () => {
    expect(withColumn(columns, null, "note", true)).toEqual(["name", "calls", "note", "state"]);
    expect(withColumn(columns, null, "calls", false)).toEqual(["name", "state"]);
    expect(withColumn(columns, ["note"], "calls", true)).toEqual(["name", "calls", "note", "state"]);
  });
});

describe("order", () => {
  it("starts figures from the top and words from A, then turns round", () => {
    expect(nextSort(calls, null)).toEqual({ columnId: "calls", isDescending: true });
    expect(nextSort(name, { columnId: "calls", isDescending: true })).toEqual({
      columnId: "name",
      isDescending: false,
    });
    expect(nextSort(name, { columnId: "name", isDescending: false })).toEqual({ columnId: "name", isDescending: true });
  });
});
