import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import type { ManagementTokenInput, ManagementTokenView } from "#lib/domain/management-token/schemas.ts";
import { ManagementTokenIssued, ManagementTokenPage } from "#lib/domain/management-token/schemas.ts";
import { callApi, queryString } from "./api-client.ts";

/** What a list of management tokens is asked for; null and "" ask for nothing. */
export type ManagementTokenListQuery = { q: string; cursor: string | null; state: ManagementTokenView["state"] | null };

export const managementTokenKeys = {
  all: ["management-tokens"],
  list: (query: ManagementTokenListQuery) => ["management-tokens", "list", query],
} as const;

export function useManagementTokens(query: ManagementTokenListQuery) {
  return useQuery({
    queryKey: managementTokenKeys.list(query),
    queryFn: ({ signal }) => callApi(ManagementTokenPage, "GET", `/management-tokens${queryString(query)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Makes a token. The answer holds the secret: it is kept by the caller alone, never in the query cache. */
export function useCreateManagementToken() {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (body: z.output<typeof ManagementTokenInput>) =>
      callApi(ManagementTokenIssued, "POST", "/management-tokens", { body }),
    onSettled: () => client.invalidateQueries({ queryKey: managementTokenKeys.all }),
  });
}

/** Revokes a token whatever has changed about it meanwhile: a leaked one must not survive a lost race. */
export function useRevokeManagementToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: ManagementTokenView) => callApi(z.null(), "DELETE", `/management-tokens/${token.id}`),
    onSettled: () => client.invalidateQueries({ queryKey: managementTokenKeys.all }),
  });
}
