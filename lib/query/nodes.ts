import { keepPreviousData, type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { NodeView } from "#lib/domain/node/schemas.ts";
import { callApi } from "#lib/query/api-client.ts";
import { readAll } from "#lib/query/read-all.ts";

export const nodeKeys = { all: ["nodes"] as const, every: ["nodes", "every"] as const };

/**
 * Every node as it last reported, asked again each `everyMs` (false: not by itself). While the tab is hidden nothing is
 * asked, and a failed poll is not repeated before the next one, so that "stale" shows at once.
 */
export function useNodes({ everyMs, isAllowed = true }: { everyMs: number | false; isAllowed?: boolean }) {
  return useQuery({
    queryKey: nodeKeys.every,
    queryFn: ({ signal }) => readAll(NodeView, "/nodes", {}, signal),
    refetchInterval: everyMs,
    refetchOnWindowFocus: true,
    retry: false,
    placeholderData: keepPreviousData,
    enabled: isAllowed,
  });
}

/** Renames a node, drains it, or lets it serve again. */
export function useUpdateNode() {
  const client = useQueryClient();
  return useMutation({
    // A node has no ETag: it changes with every report, and the fields a person writes do not build on what they saw.
    mutationFn: ({
      id,
      patch,
    }: {
      id: string;
      patch: { name: string } | { isDraining: boolean } | { isQuarantined: boolean };
    }) => callApi(NodeView, "PATCH", `/nodes/${id}`, { body: patch, ifMatch: "*" }),
    onSettled: () => refreshNodes(client),
  });
}

/** Removes a node: it is refused from now on. */
export function useRemoveNode() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: { id: string }) => callApi(z.null(), "DELETE", `/nodes/${id}`),
    onSettled: () => refreshNodes(client),
  });
}

function refreshNodes(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: nodeKeys.all });
}
