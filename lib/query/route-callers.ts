import { useQuery } from "@tanstack/react-query";
import { CallersView } from "#lib/domain/route/schemas.ts";
import { callApi } from "#lib/query/api-client.ts";

const askAgainMs = 15_000;

/** Who called a version in the last days, asked again by itself every 15 s. */
export function useVersionCallers(routeId: string, version: string, days: number, isAllowed: boolean) {
  return useQuery({
    queryKey: ["routes", "callers", routeId, version, days],
    queryFn: ({ signal }) =>
      callApi(CallersView, "GET", `/routes/${routeId}/versions/${version}/callers?days=${days}`, { signal }),
    refetchInterval: askAgainMs,
    enabled: isAllowed,
  });
}
