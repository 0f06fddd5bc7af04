import { keepPreviousData, type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { RoutePage, RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";
import { liveEveryMs } from "#lib/query/live.ts";
import { readAll } from "#lib/query/read-all.ts";

export const routeKeys = {
  all: ["routes"] as const,
  list: ({ q, cursor }: { q: string; cursor: string | null }) => ["routes", "list", q, cursor] as const,
  every: ["routes", "every"] as const,
  one: (id: string) => ["routes", "one", id] as const,
};

/** One page of the draft's routes. */
export function useRoutes(asked: { q: string; cursor: string | null }) {
  return useQuery({
    queryKey: routeKeys.list(asked),
    queryFn: ({ signal }) => callApi(RoutePage, "GET", `/routes${queryString(asked)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Every route of the draft, for choosing some and for finding who uses an upstream. */
export function useEveryRoute(isAllowed = true) {
  return useQuery({
    queryKey: routeKeys.every,
    queryFn: ({ signal }) => readAll(RouteView, "/routes", {}, signal),
    enabled: isAllowed,
  });
}

/** One route of the draft with its versions. */
export function useRoute(id: string) {
  return useQuery({
    queryKey: routeKeys.one(id),
    queryFn: ({ signal }) => callApi(RouteView, "GET", `/routes/${id}`, { signal }),
    refetchInterval: liveEveryMs,
  });
}

/** Adds a route with its first version to the draft. */
export function useCreateRoute() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) => callApi(RouteView, "POST", "/routes", { body }),
    onSettled: () => refreshRoutes(client),
  });
}

/** Asks what a route is at this moment, for what is to be saved on top of it. */
export function useReadRoute(id: string) {
  const client = useQueryClient();
  return () =>
    client.fetchQuery({
      queryKey: routeKeys.one(id),
      queryFn: () => callApi(RouteView, "GET", `/routes/${id}`),
      staleTime: 0,
    });
}

/** The same of one of its versions; null where it is gone. */
export function useReadVersion(id: string, number: string) {
  const read = useReadRoute(id);
  return async () => (await read()).versions.find(({ version }) => version === number) ?? null;
}

/** Renames a route or moves its default version, in the draft. */
export function useUpdateRoute(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ patch, etag }: { patch: unknown; etag: string }) =>
      callApi(RouteView, "PATCH", `/routes/${id}`, { body: patch, ifMatch: etag }),
    onSettled: () => refreshRoutes(client),
  });
}

/** Takes a route out of the draft. */
export function useDeleteRoute() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag }: { id: string; etag: string }) =>
      callApi(z.null(), "DELETE", `/routes/${id}`, { ifMatch: etag }),
    onSettled: () => refreshRoutes(client),
  });
}

/** Throws away what nodes keep of a route's answers. */
export function usePurgeRouteCache(id: string) {
  return useMutation({
    mutationFn: () => callApi(z.object({ purgedAt: z.string() }), "POST", `/routes/${id}/purge-cache`, { body: {} }),
  });
}

/** Adds a version to a route in the draft; the default stays where it is. */
export function useCreateVersion(routeId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) => callApi(VersionView, "POST", `/routes/${routeId}/versions`, { body }),
    onSettled: () => refreshRoutes(client),
  });
}

/** Changes a version's targets or its life, in the draft. */
export function useUpdateVersion(routeId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, patch, etag }: { version: string; patch: unknown; etag: string }) =>
      callApi(VersionView, "PATCH", `/routes/${routeId}/versions/${version}`, { body: patch, ifMatch: etag }),
    onSettled: () => refreshRoutes(client),
  });
}

/** Takes a version out of the draft. */
export function useDeleteVersion(routeId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ version, etag }: { version: string; etag: string }) =>
      callApi(z.null(), "DELETE", `/routes/${routeId}/versions/${version}`, { ifMatch: etag }),
    onSettled: () => refreshRoutes(client),
  });
}

function refreshRoutes(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: routeKeys.all });
  void client.invalidateQueries({ queryKey: ["draft"] });
}
