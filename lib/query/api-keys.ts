import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import type { ApiKeyInput } from "#lib/domain/api-key/schemas.ts";
import { ApiKeyIssued, ApiKeyPage, ApiKeyView } from "#lib/domain/api-key/schemas.ts";
import { callApi, queryString } from "./api-client.ts";

/** What a list of keys is asked for; null and "" ask for nothing. */
export type ApiKeyListQuery = {
  q: string;
  cursor: string | null;
  state: ApiKeyView["state"] | null;
  consumerId: string | null;
};

export const apiKeyKeys = {
  all: ["api-keys"],
  list: (query: ApiKeyListQuery) => ["api-keys", "list", query],
  one: (id: string) => ["api-keys", "one", id],
} as const;

export function useApiKeys(query: ApiKeyListQuery) {
  return useQuery({
    queryKey: apiKeyKeys.list(query),
    queryFn: ({ signal }) => callApi(ApiKeyPage, "GET", `/api-keys${queryString(query)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

export function useApiKey(id: string) {
  return useQuery({
    queryKey: apiKeyKeys.one(id),
    queryFn: ({ signal }) => callApi(ApiKeyView, "GET", `/api-keys/${id}`, { signal }),
  });
}

/** Issues a key. The answer holds the secret: it is kept by the caller alone, never in the query cache. */
export function useIssueApiKey() {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: ({ consumerId, ...body }: z.output<typeof ApiKeyInput> & { consumerId: string }) =>
      callApi(ApiKeyIssued, "POST", `/consumers/${consumerId}/api-keys`, { body }),
    onSettled: () => refresh(client),
  });
}

export function useUpdateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ apiKey, patch }: { apiKey: ApiKeyView; patch: Partial<z.input<typeof ApiKeyInput>> }) =>
      callApi(ApiKeyView, "PATCH", `/api-keys/${apiKey.id}`, { body: patch, ifMatch: apiKey.etag }),
    onSettled: () => refresh(client),
  });
}

/** Revokes a key whatever has changed about it meanwhile: a leaked key must not survive a lost race. */
export function useRevokeApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (apiKey: ApiKeyView) => callApi(z.null(), "DELETE", `/api-keys/${apiKey.id}`),
    onSettled: () => refresh(client),
  });
}

/** Keys stand in lists of consumers as counts, too. */
function refresh(client: ReturnType<typeof useQueryClient>): Promise<unknown> {
  return Promise.all([
    client.invalidateQueries({ queryKey: apiKeyKeys.all }),
    client.invalidateQueries({ queryKey: ["consumers"] }),
  ]);
}
