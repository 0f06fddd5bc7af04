import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { UsageView } from "#lib/domain/usage/schemas.ts";
import { callApi, queryString } from "./api-client.ts";

/** The filters that usage and requests share, as lists of values; several values of one mean any of them. */
export const usageFilterKeys = [
  "teamId",
  "consumerId",
  "apiKeyId",
  "route",
  "upstreamId",
  "model",
  "nodeId",
  "status",
  "cache",
] as const;
export type UsageFilterKey = (typeof usageFilterKeys)[number];
export type UsageFilters = { readonly [K in UsageFilterKey]?: readonly string[] | undefined };

/** What a chart or a list of sums asks for. */
export interface UsageAsked {
  fromMs: number;
  toMs: number;
  interval: "minute" | "hour" | "day";
  groupBy?: string;
  limit?: number;
  filters?: UsageFilters;
}

/** The query of `GET /usage`, as the browser sends it and the server reads it for the first paint. */
export function usageQuery({ fromMs, toMs, interval, groupBy, limit, filters = {} }: UsageAsked) {
  const lists = usageFilterKeys.flatMap((key): [string, string][] => {
    const values = filters[key] ?? [];
    return values.length > 0 ? [[key, values.join(",")]] : [];
  });
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    interval,
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(limit === undefined ? {} : { limit: String(limit) }),
    ...Object.fromEntries(lists),
  };
}

export const usageKeys = {
  all: ["usage"] as const,
  of: (asked: UsageAsked | null) => ["usage", "of", asked === null ? null : usageQuery(asked)] as const,
};

/** Sums over time; null asks for nothing. `everyMs` asks again by itself, not while the tab is hidden. */
export function useUsage(asked: UsageAsked | null, everyMs: number | false = false) {
  return useQuery({
    queryKey: usageKeys.of(asked),
    queryFn: ({ signal }) =>
      callApi(UsageView, "GET", `/usage${queryString(asked ? usageQuery(asked) : {})}`, { signal }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    refetchInterval: everyMs,
  });
}
