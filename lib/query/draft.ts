import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { DraftView, HistoryPage } from "#lib/domain/draft/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";

export const draftKey = ["draft"] as const;

/** Which resource of the draft something is about. */
export type DraftSubject = Pick<DraftView["changes"][number], "resource" | "id">;

/** How many entries of a history are asked for at a time. */
const historyShown = 50;

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

/** Takes one change back, or with `field` one field of it; `etag` is of the draft that the person has seen. */
export function useDiscardChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ etag, ...body }: DraftSubject & { field?: string; etag: string }) =>
      callApi(z.null(), "POST", "/draft/discard", { body, ifMatch: etag }),
    onSettled: () => client.invalidateQueries(),
  });
}

/** Who changed which field of a resource, a page at a time, newest first; `subject` null asks for nothing. */
export function useHistory(subject: DraftSubject | null, cursor: string | null) {
  const asked = { resource: subject?.resource, id: subject?.id, cursor, limit: historyShown };
  return useQuery({
    queryKey: ["draft", "history", asked],
    queryFn: ({ signal }) => callApi(HistoryPage, "GET", `/draft/history${queryString(asked)}`, { signal }),
    enabled: subject !== null,
    placeholderData: keepPreviousData,
  });
}
