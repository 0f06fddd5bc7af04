"use client";
import { useQueries } from "@tanstack/react-query";
import { z } from "zod";
import { type FilterChip, FilterChips } from "#components/ui/filter-chips.tsx";
import { callApi } from "#lib/query/api-client.ts";
import type { RequestFilterKey } from "#lib/query/requests.ts";
import { filterDimensions } from "./filter-dimensions.ts";
import type { RequestFilterState } from "./use-request-filters.ts";
import { codeWords, outcomeWords } from "./words.ts";

const WithName = z.object({ name: z.string() });

/** The filters in force as chips; ids are shown by name as soon as it is known. */
export function ActiveFilters({ state, keys }: { state: RequestFilterState; keys: readonly RequestFilterKey[] }) {
  const chosen = filterDimensions
    .filter(({ key }) => keys.includes(key))
    .flatMap((dimension) => (state.filters[dimension.key] ?? []).map((value) => ({ dimension, value })));
  const names = useQueries({
    queries: chosen.map(({ dimension, value }) => ({
      queryKey: ["name", dimension.key, value],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        callApi(WithName, "GET", dimension.namePath?.(encodeURIComponent(value)) ?? "", { signal }),
      enabled: dimension.namePath !== undefined,
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
  });
  const chips = chosen.map(
    ({ dimension, value }, place): FilterChip => ({
      key: `${dimension.key} ${value}`,
      label: dimension.label,
      value: names[place]?.data?.name ?? shown(dimension.key, value),
      onRemove: () => state.remove(dimension.key, value),
    }),
  );
  return <FilterChips chips={chips} onClear={state.clear} />;
}

function shown(key: RequestFilterKey, value: string): string {
  if (key === "outcome") return Object.entries(outcomeWords).find(([outcome]) => outcome === value)?.[1] ?? value;
  return key === "errorCode" ? codeWords(value) : value;
}
