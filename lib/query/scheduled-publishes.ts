import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ScheduledPublishPage, ScheduledPublishView } from "#lib/domain/scheduled-publish/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";
import { draftKey } from "#lib/query/draft.ts";

const scheduledKey = ["scheduled-publishes"] as const;

/** Publishes exactly the draft in sight at a time; `publish` is what a publish at once sends. */
export function useSchedulePublish() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ at, etag, publish }: { at: string; etag: string; publish: Record<string, unknown> }) =>
      callApi(ScheduledPublishView, "POST", "/scheduled-publishes", { body: { ...publish, at }, ifMatch: etag }),
    onSettled: () => client.invalidateQueries({ queryKey: draftKey }),
  });
}

/** Cancels a publish that waits for its time. */
export function useCancelScheduledPublish() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag }: { id: string; etag: string }) =>
      callApi(ScheduledPublishView, "DELETE", `/scheduled-publishes/${id}`, { ifMatch: etag }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: scheduledKey }),
        client.invalidateQueries({ queryKey: draftKey }),
      ]),
  });
}

/** The newest scheduled publishes and what became of them. */
export function useScheduledPublishes(everyMs: number) {
  return useQuery({
    queryKey: scheduledKey,
    queryFn: ({ signal }) =>
      callApi(ScheduledPublishPage, "GET", `/scheduled-publishes${queryString({ limit: 5 })}`, { signal }),
    refetchInterval: everyMs,
  });
}
