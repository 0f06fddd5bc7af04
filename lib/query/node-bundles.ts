import { useMutation, useQueryClient } from "@tanstack/react-query";
import { NodeBundleIssued } from "#lib/domain/node-bundle/schemas.ts";
import { callApi } from "#lib/query/api-client.ts";
import { joinTokenKeys } from "#lib/query/join-tokens.ts";

/** Exports a bundle that new nodes start from. Its key is in this answer and nowhere else: the mutation keeps nothing of it. */
export function useCreateNodeBundle() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) => callApi(NodeBundleIssued, "POST", "/node-bundles", { body }),
    gcTime: 0,
    onSettled: () => client.invalidateQueries({ queryKey: joinTokenKeys.all }),
  });
}
