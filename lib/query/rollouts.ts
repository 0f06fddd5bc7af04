import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RolloutPage, RolloutSummary, RolloutView } from "#lib/domain/rollout/schemas.ts";
import { callApi } from "#lib/query/api-client.ts";

export const rolloutKeys = {
  all: ["rollouts"] as const,
  latest: ["rollouts", "latest"] as const,
  one: (id: string) => ["rollouts", "one", id] as const,
};

/** What a person may decide about a rollout that is under way. */
export type RolloutDecision = "pause" | "resume" | "promote" | "abort";

const latestEveryMs = 5_000;
const liveEveryMs = 1_000;

/** The newest canary rollout, or null where there was none yet. */
export function useLatestRollout() {
  return useQuery({
    queryKey: rolloutKeys.latest,
    queryFn: async ({ signal }) => (await callApi(RolloutPage, "GET", "/rollouts?limit=1", { signal })).data[0] ?? null,
    refetchInterval: latestEveryMs,
    retry: false,
  });
}

/** A rollout with its figures and its story, asked every second until it is over. */
export function useRollout(id: string) {
  return useQuery({
    queryKey: rolloutKeys.one(id),
    queryFn: ({ signal }) => callApi(RolloutView, "GET", `/rollouts/${id}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.endedAt ? false : liveEveryMs),
    retry: false,
  });
}

/** Decides about a rollout; `etag` is of the rollout in sight, so that nobody decides about another state of it. */
export function useDecideRollout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, decision, etag }: { id: string; decision: RolloutDecision; etag: string }) =>
      callApi(RolloutSummary, "POST", `/rollouts/${id}/${decision}`, { ifMatch: etag }),
    onSettled: () => refreshRollouts(client),
  });
}

async function refreshRollouts(client: QueryClient): Promise<void> {
  await Promise.all(
    [rolloutKeys.all, ["revisions"], ["draft"], ["nodes"]].map((queryKey) => client.invalidateQueries({ queryKey })),
  );
}
