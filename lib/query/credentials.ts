import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { CredentialPage, CredentialView } from "#lib/domain/credential/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";
import { upstreamKeys } from "#lib/query/upstreams.ts";

/** How many credentials of an upstream are shown. */
export const credentialsShownMax = 200;

export const credentialKeys = {
  all: ["credentials"] as const,
  ofUpstream: (upstreamId: string) => ["credentials", "ofUpstream", upstreamId] as const,
};

/** The credentials of an upstream, newest first, without their secrets. */
export function useCredentials(upstreamId: string, isAllowed = true) {
  return useQuery({
    queryKey: credentialKeys.ofUpstream(upstreamId),
    queryFn: ({ signal }) =>
      callApi(CredentialPage, "GET", `/credentials${queryString({ upstreamId, limit: credentialsShownMax })}`, {
        signal,
      }),
    enabled: isAllowed,
  });
}

/** Gives an upstream a further credential, on every node at once. */
export function useCreateCredential() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) => callApi(CredentialView, "POST", "/credentials", { body }),
    // What was sent holds a secret: it is not to stay in the cache.
    gcTime: 0,
    onSettled: () => refreshCredentials(client),
  });
}

/** Renames a credential or replaces its secret, on every node at once. */
export function useUpdateCredential() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, patch, etag }: { id: string; patch: unknown; etag: string }) =>
      callApi(CredentialView, "PATCH", `/credentials/${id}`, { body: patch, ifMatch: etag }),
    gcTime: 0,
    onSettled: () => refreshCredentials(client),
  });
}

/** Destroys a credential, on every node at once. */
export function useDeleteCredential() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag }: { id: string; etag: string }) =>
      callApi(z.null(), "DELETE", `/credentials/${id}`, { ifMatch: etag }),
    onSettled: () => refreshCredentials(client),
  });
}

function refreshCredentials(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: credentialKeys.all });
  void client.invalidateQueries({ queryKey: upstreamKeys.all });
}
