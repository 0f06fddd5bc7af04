import { useQuery } from "@tanstack/react-query";
import { UsageView } from "#lib/domain/usage/schemas.ts";
import { callApi, queryString } from "./api-client.ts";

/** Whose calls are summed. */
export type UsageOf = { consumerId: string } | { apiKeyId: string } | { teamId: string };

const hourMs = 3_600_000;
const figuresFreshMs = 30_000;

const summaryKey = (of: UsageOf, hours: number, interval: string) => ["usage", "summary", of, hours, interval] as const;

/** The key of the last day by the hour, for the first paint. */
export const usageDayKey = (of: UsageOf) => summaryKey(of, 24, "hour");

/** Where the last day begins, as an ISO time. */
export function dayAgo(): string {
  return new Date(Date.now() - 24 * hourMs).toISOString();
}

/**
 * Sums and series over the last `hours`, in buckets of an hour or a day. `isEnabled` is false for who may not read
 * usage.
 */
export function useUsageSummary(of: UsageOf, hours: number, interval: "minute" | "hour" | "day", isEnabled: boolean) {
  return useQuery({
    queryKey: summaryKey(of, hours, interval),
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - hours * hourMs).toISOString();
      return callApi(UsageView, "GET", `/usage${queryString({ ...of, from, interval })}`, { signal });
    },
    staleTime: figuresFreshMs,
    enabled: isEnabled,
  });
}

/** How many calls were made in the last hour: what a revocation or a suspension would stop. */
export function useRecentCalls(of: UsageOf, isEnabled: boolean): number | null {
  const { data } = useUsageSummary(of, 1, "minute", isEnabled);
  return data?.totals.requests ?? null;
}
