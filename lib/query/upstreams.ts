import { keepPreviousData, type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { UpstreamPage, UpstreamView } from "#lib/domain/upstream/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";
import { liveEveryMs } from "#lib/query/live.ts";
import { readAll } from "#lib/query/read-all.ts";

export const upstreamKeys = {
  all: ["upstreams"] as const,
  list: ({ q, cursor }: { q: string; cursor: string | null }) => ["upstreams", "list", q, cursor] as const,
  every: ["upstreams", "every"] as const,
  one: (id: string) => ["upstreams", "one", id] as const,
};

/** One page of the draft's upstreams. */
export function useUpstreams(asked: { q: string; cursor: string | null }) {
  return useQuery({
    queryKey: upstreamKeys.list(asked),
    queryFn: ({ signal }) => callApi(UpstreamPage, "GET", `/upstreams${queryString(asked)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Every upstream of the draft, for choosing one. */
export function useEveryUpstream(isAllowed = true) {
  return useQuery({
    queryKey: upstreamKeys.every,
    queryFn: ({ signal }) => readAll(UpstreamView, "/upstreams", {}, signal),
    enabled: isAllowed,
  });
}

/** One upstream of the draft. */
export function useUpstream(id: string) {
  return useQuery({
    queryKey: upstreamKeys.one(id),
    queryFn: ({ signal }) => callApi(UpstreamView, "GET", `/upstreams/${id}`, { signal }),
    refetchInterval: liveEveryMs,
  });
}

/** Adds an upstream to the draft, with its first credential if one is given. */
export function useCreateUpstream() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) => callApi(UpstreamView, "POST", "/upstreams", { body }),
    // What was sent holds a secret: it is not to stay in the cache.
    gcTime: 0,
    onSettled: () => refreshUpstreams(client),
  });
}

/** Asks what an upstream is at this moment, for what is to be saved on top of it. */
export function useReadUpstream(id: string) {
  const client = useQueryClient();
  return () =>
    client.fetchQuery({
      queryKey: upstreamKeys.one(id),
      queryFn: () => callApi(UpstreamView, "GET", `/upstreams/${id}`),
      staleTime: 0,
    });
}

/** Changes an upstream in the draft; `etag` is of the state that the person has seen. */
export function useUpdateUpstream(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ patch, etag }: { patch: unknown; etag: string }) =>
      callApi(UpstreamView, "PATCH", `/upstreams/${id}`, { body: patch, ifMatch: etag }),
    onSettled: () => refreshUpstreams(client),
  });
}

/** Takes an upstream out of the draft. */
export function useDeleteUpstream() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag }: { id: string; etag: string }) =>
      callApi(z.null(), "DELETE", `/upstreams/${id}`, { ifMatch: etag }),
    onSettled: () => refreshUpstreams(client),
  });
}

function refreshUpstreams(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: upstreamKeys.all });
  void client.invalidateQueries({ queryKey: ["draft"] });
}
