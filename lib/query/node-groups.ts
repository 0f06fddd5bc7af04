import { keepPreviousData, type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { NodeGroupView, ScalingDecisionPage } from "#lib/domain/node-group/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";
import { readAll } from "#lib/query/read-all.ts";

/** The scaler looks this often, and nodes report as often. */
const everyMs = 5_000;
/** How much of a group's story is shown. */
const decisionsShown = 50;

export const nodeGroupKeys = {
  all: ["node-groups"] as const,
  every: ["node-groups", "every"] as const,
  one: (id: string) => ["node-groups", "one", id] as const,
  decisions: (id: string) => ["node-groups", "decisions", id] as const,
};

/** Every group with how busy it is, live. */
export function useNodeGroups(isAllowed = true) {
  return useQuery({
    queryKey: nodeGroupKeys.every,
    queryFn: ({ signal }) => readAll(NodeGroupView, "/node-groups", {}, signal),
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
    enabled: isAllowed,
  });
}

/** One group, live. */
export function useNodeGroup(id: string) {
  return useQuery({
    queryKey: nodeGroupKeys.one(id),
    queryFn: ({ signal }) => callApi(NodeGroupView, "GET", `/node-groups/${id}`, { signal }),
    refetchInterval: everyMs,
  });
}

/** Asks what a group is at this moment, for what is to be saved on top of it. */
export function useReadNodeGroup(id: string) {
  const client = useQueryClient();
  return () =>
    client.fetchQuery({
      queryKey: nodeGroupKeys.one(id),
      queryFn: () => callApi(NodeGroupView, "GET", `/node-groups/${id}`),
      staleTime: 0,
    });
}

/** The newest decisions about a group's size, live. */
export function useScalingDecisions(id: string) {
  return useQuery({
    queryKey: nodeGroupKeys.decisions(id),
    queryFn: ({ signal }) =>
      callApi(ScalingDecisionPage, "GET", `/node-groups/${id}/decisions${queryString({ limit: decisionsShown })}`, {
        signal,
      }),
    refetchInterval: everyMs,
  });
}

/** Makes a group. */
export function useCreateNodeGroup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) => callApi(NodeGroupView, "POST", "/node-groups", { body }),
    gcTime: 0,
    onSettled: () => refreshNodeGroups(client),
  });
}

/** Changes a group; `etag` is of the state that the person has seen. */
export function useUpdateNodeGroup(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ patch, etag }: { patch: unknown; etag: string }) =>
      callApi(NodeGroupView, "PATCH", `/node-groups/${id}`, { body: patch, ifMatch: etag }),
    gcTime: 0,
    onSettled: () => refreshNodeGroups(client),
  });
}

/** Removes a group that nobody belongs to. */
export function useDeleteNodeGroup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag }: { id: string; etag: string }) =>
      callApi(z.null(), "DELETE", `/node-groups/${id}`, { ifMatch: etag }),
    onSuccess: (_, { id }) => client.removeQueries({ queryKey: nodeGroupKeys.one(id) }),
    onSettled: () => refreshNodeGroups(client),
  });
}

function refreshNodeGroups(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: nodeGroupKeys.all, type: "active" });
}
