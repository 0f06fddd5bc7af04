import { keepPreviousData, type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import { RevisionDetail as Detail, RevisionPage, RevisionView } from "#lib/domain/revision/schemas.ts";
import type { RolloutInput } from "#lib/domain/rollout/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";

/** A revision with its document. */
export type RevisionDetail = z.infer<typeof Detail>;

/** How many revisions a page of the history holds. */
export const revisionsPerPage = 25;

export const revisionKeys = {
  all: ["revisions"] as const,
  list: (cursor: string | null) => ["revisions", "list", cursor] as const,
  one: (number: number) => ["revisions", "one", number] as const,
};

/** One page of the history, newest first. */
export function useRevisions(cursor: string | null) {
  return useQuery({
    queryKey: revisionKeys.list(cursor),
    queryFn: ({ signal }) =>
      callApi(RevisionPage, "GET", `/revisions${queryString({ cursor, limit: revisionsPerPage })}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** One revision with its document; `null` asks for nothing. */
export function useRevision(number: number | null) {
  return useQuery({
    queryKey: revisionKeys.one(number ?? 0),
    queryFn: ({ signal }) => callApi(Detail, "GET", `/revisions/${number}`, { signal }),
    enabled: number !== null && number > 0,
  });
}

/** Publishes the whole draft; `etag` is of the draft that the person has seen, so that nothing unseen goes along. */
export function usePublish() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({
      note,
      etag,
      incompatibleBecause = "",
      rollout = { strategy: "all" },
    }: {
      note: string;
      etag: string;
      incompatibleBecause?: string;
      rollout?: z.input<typeof RolloutInput>;
    }) =>
      callApi(RevisionView, "POST", "/revisions", {
        body: { note, rollout, ...(incompatibleBecause === "" ? {} : { incompatibleBecause }) },
        ifMatch: etag,
      }),
    onSettled: () => refreshRevisions(client),
  });
}

/** Brings an old document back under a new number. */
export function useRollback() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ number, note }: { number: number; note: string }) =>
      callApi(RevisionView, "POST", `/revisions/${number}/rollback`, { body: { note } }),
    onSettled: () => refreshRevisions(client),
  });
}

async function refreshRevisions(client: QueryClient): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: revisionKeys.all }),
    client.invalidateQueries({ queryKey: ["draft"] }),
    client.invalidateQueries({ queryKey: ["nodes"] }),
    client.invalidateQueries({ queryKey: ["rollouts"] }),
  ]);
}
