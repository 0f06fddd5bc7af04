"use client";
import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { type RequestFilterKey, type RequestFilters, requestFilterKeys } from "#lib/query/requests.ts";
import { requestFilterParsers } from "./filter-parsers.ts";

export interface RequestFilterState {
  filters: RequestFilters;
  isFiltered: boolean;
  add: (key: RequestFilterKey, value: string) => void;
  remove: (key: RequestFilterKey, value: string) => void;
  clear: () => void;
}

/** The page's filters, kept in the URL. `onChange` is called with each change: back to the first page. */
export function useRequestFilters(onChange: () => void): RequestFilterState {
  const [state, setState] = useQueryStates(requestFilterParsers, { history: "push" });
  const filters = useMemo(() => state, [state]);
  const set = (key: RequestFilterKey, values: readonly string[]) => {
    onChange();
    void setState({ [key]: values.length === 0 ? null : [...values] });
  };
  return {
    filters,
    isFiltered: requestFilterKeys.some((key) => state[key].length > 0),
    add: (key, value) => set(key, [...state[key].filter((each) => each !== value), value]),
    remove: (key, value) =>
      set(
        key,
        state[key].filter((each) => each !== value),
      ),
    clear: () => {
      onChange();
      void setState(null);
    },
  };
}
