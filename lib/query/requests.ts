import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { RequestPage, RequestView } from "#lib/domain/request/schemas.ts";
import { callApi, queryString } from "./api-client.ts";
import { type UsageFilters, usageFilterKeys } from "./usage.ts";

/** Every filter of the call explorer. */
export const requestFilterKeys = [...usageFilterKeys, "outcome", "action", "errorCode"] as const;
export type RequestFilterKey = (typeof requestFilterKeys)[number];
export type RequestFilters = UsageFilters & {
  readonly [K in "outcome" | "action" | "errorCode"]?: readonly string[] | undefined;
};

export interface RequestsAsked {
  fromMs: number;
  toMs: number;
  /** An id or how it begins. */
  q: string;
  cursor: string | null;
  filters: RequestFilters;
}

/** The query of `GET /requests`. Who looks for an id need not know when that was, so no range goes along. */
export function requestsQuery({ fromMs, toMs, q, cursor, filters }: RequestsAsked): Record<string, string> {
  const lists = requestFilterKeys.flatMap((key): [string, string][] => {
    const values = filters[key] ?? [];
    return values.length > 0 ? [[key, values.join(",")]] : [];
  });
  const isWholeId = /^req_[0-9a-f]{32}$/.test(q);
  return {
    ...(isWholeId ? {} : { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }),
    ...(q === "" ? {} : { q }),
    ...(cursor === null ? {} : { cursor }),
    ...Object.fromEntries(lists),
  };
}

export const requestKeys = {
  all: ["requests"] as const,
  list: (asked: RequestsAsked) => ["requests", "list", requestsQuery(asked)] as const,
  one: (id: string) => ["requests", "one", id] as const,
};

/** One page of calls, newest first. `everyMs` follows the tail. */
export function useRequests(asked: RequestsAsked, everyMs: number | false) {
  return useQuery({
    queryKey: requestKeys.list(asked),
    queryFn: ({ signal }) => callApi(RequestPage, "GET", `/requests${queryString(requestsQuery(asked))}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: everyMs,
  });
}

/** One call with its decision. A finished call never changes. */
export function useRequest(id: string) {
  return useQuery({
    queryKey: requestKeys.one(id),
    queryFn: ({ signal }) => callApi(RequestView, "GET", `/requests/${encodeURIComponent(id)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
