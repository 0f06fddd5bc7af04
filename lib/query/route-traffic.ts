import { useQuery } from "@tanstack/react-query";
import { UsageView } from "#lib/domain/usage/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";

const hourMs = 3_600_000;
const groupsMax = 100;
const askAgainMs = 15_000;

/** One row of who or what took a route's calls. */
export type RouteTrafficGroup = UsageView["groups"][number];

interface Asked {
  isAllowed: boolean;
  /** Ask again by itself every 15 s. */
  isLive?: boolean;
}

/** The calls of a route in the last hour by version, upstream and model: where its traffic really goes. */
export function useRouteTargetsTraffic(route: string | null, asked: Asked) {
  return useTraffic(["usage", "routeTargets", route], asked, route, {
    groupBy: "routeVersion,upstream,model",
    hours: 1,
    interval: "minute",
  });
}

/** The calls of a route in the last 24 hours by version and consumer: who still calls what. */
export function useRouteTraffic(route: string | null, asked: Asked) {
  return useTraffic(["usage", "routeConsumers", route], asked, route, {
    groupBy: "routeVersion,consumer",
    hours: 24,
    interval: "hour",
  });
}

/** The calls of a route in the last 24 hours by how they fared with its cache. */
export function useRouteCacheTraffic(route: string | null, asked: Asked) {
  return useTraffic(["usage", "routeCache", route], asked, route, { groupBy: "cache", hours: 24, interval: "hour" });
}

function useTraffic(
  queryKey: readonly unknown[],
  { isAllowed, isLive = false }: Asked,
  route: string | null,
  { groupBy, hours, interval }: { groupBy: string; hours: number; interval: string },
) {
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - hours * hourMs).toISOString();
      const search = queryString({ route, groupBy, interval, from, limit: groupsMax });
      return callApi(UsageView, "GET", `/usage${search}`, { signal });
    },
    refetchInterval: isLive ? askAgainMs : false,
    enabled: isAllowed && route !== null,
  });
}
