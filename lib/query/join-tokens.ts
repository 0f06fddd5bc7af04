import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { JoinTokenIssued, JoinTokenPage } from "#lib/domain/join-token/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";

const shownMax = 20;

export const joinTokenKeys = { all: ["join-tokens"] as const };

/** The newest join tokens, without their secrets; asked again each `everyMs` while a node is awaited. */
export function useJoinTokens({ everyMs, isAllowed = true }: { everyMs: number | false; isAllowed?: boolean }) {
  return useQuery({
    queryKey: joinTokenKeys.all,
    queryFn: ({ signal }) =>
      callApi(JoinTokenPage, "GET", `/join-tokens${queryString({ limit: shownMax })}`, { signal }),
    refetchInterval: everyMs,
    enabled: isAllowed,
  });
}

/** Makes a one-use token. Its secret is in this answer and nowhere else: the mutation keeps nothing of it afterwards. */
export function useCreateJoinToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) => callApi(JoinTokenIssued, "POST", "/join-tokens", { body }),
    gcTime: 0,
    onSettled: () => refreshJoinTokens(client),
  });
}

/** Takes a join token back. */
export function useDeleteJoinToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: { id: string }) => callApi(z.null(), "DELETE", `/join-tokens/${id}`),
    onSettled: () => refreshJoinTokens(client),
  });
}

function refreshJoinTokens(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: joinTokenKeys.all });
}
