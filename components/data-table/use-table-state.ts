"use client";
import { createParser, debounce, parseAsArrayOf, parseAsString, useQueryStates } from "nuqs";
import { useEffect, useState } from "react";
import type { TableSort } from "#components/data-table/column.ts";

const quietMs = 200;

const parseAsSort = createParser<TableSort>({
  parse: (text) => {
    const columnId = text.replace(/^-/, "");
    return columnId === "" ? null : { columnId, isDescending: text.startsWith("-") };
  },
  serialize: (sort) => `${sort.isDescending ? "-" : ""}${sort.columnId}`,
  eq: (left, right) => left.columnId === right.columnId && left.isDescending === right.isDescending,
});

/** The URL keys of a table: `q`, `sort` (`-lastUsedAt` is descending), `cursor`, `columns` (only when chosen). */
export const tableParsers = {
  q: parseAsString.withDefault(""),
  sort: parseAsSort,
  cursor: parseAsString,
  columns: parseAsArrayOf(parseAsString),
};

export type TableState = {
  /** What stands in the search box. */
  searchText: string;
  /** The search text once typing has paused; pass this one to the query. */
  search: string;
  sort: TableSort | null;
  /** The cursor of the page in sight; null is the first page. */
  cursor: string | null;
  visibleColumns: readonly string[] | null;
  hasPrevious: boolean;
  setSearchText: (searchText: string) => void;
  setSort: (sort: TableSort | null) => void;
  setVisibleColumns: (columnIds: string[] | null) => void;
  goNext: (nextCursor: string) => void;
  goPrevious: () => void;
  /** Back to the first page; call it whenever a filter of the page's own changes. */
  goFirst: () => void;
};

/**
 * A table's state in the URL. `prefix` keeps two tables on one page apart (`keys.sort`). The way back through cursors
 * is remembered for this visit only: a shared link opens the same page and can go on or to the start.
 */
export function useTableState({
  prefix,
  defaultSort = null,
}: {
  prefix?: string;
  defaultSort?: TableSort | null;
} = {}): TableState {
  const key = (name: string) => (prefix ? `${prefix}.${name}` : name);
  const [state, setState] = useQueryStates(tableParsers, {
    urlKeys: { q: key("q"), sort: key("sort"), cursor: key("cursor"), columns: key("columns") },
  });
  const [trail, setTrail] = useState<readonly (string | null)[]>([]);
  const restart = () => setTrail([]);
  return {
    searchText: state.q,
    search: useSettled(state.q),
    sort: state.sort ?? defaultSort,
    cursor: state.cursor,
    visibleColumns: state.columns,
    hasPrevious: trail.length > 0,
    setSearchText: (searchText) => {
      restart();
      void setState({ q: searchText === "" ? null : searchText, cursor: null }, { limitUrlUpdates: debounce(quietMs) });
    },
    setSort: (sort) => {
      restart();
      void setState({ sort, cursor: null });
    },
    setVisibleColumns: (columns) => void setState({ columns }),
    goNext: (nextCursor) => {
      setTrail((previous) => [...previous, state.cursor].slice(-500));
      void setState({ cursor: nextCursor }, { scroll: false });
    },
    goPrevious: () => {
      const target = trail.at(-1) ?? null;
      setTrail((previous) => previous.slice(0, -1));
      void setState({ cursor: target });
    },
    goFirst: () => {
      restart();
      void setState({ cursor: null });
    },
  };
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), quietMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
