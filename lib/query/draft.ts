import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { DraftView } from "#lib/domain/draft/schemas.ts";
import { callApi } from "#lib/query/api-client.ts";

export const draftKey = ["draft"] as const;

/** The draft against the active revision: what publishing would change, and what stands in its way. */
export function useDraft({ refetchInterval = false }: { refetchInterval?: number | false } = {}) {
  return useQuery({
    refetchInterval,
    queryKey: draftKey,
    queryFn: ({ signal }) => callApi(DraftView, "GET", "/draft", { signal }),
  });
}

/** Throws every unpublished edit away; `etag` is of the draft that the person has seen. */
export function useDiscardDraft() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ etag }: { etag: string }) => callApi(z.null(), "DELETE", "/draft", { ifMatch: etag }),
    // Everything that policy pages show comes from the draft.
    onSettled: () => client.invalidateQueries(),
  });
}
