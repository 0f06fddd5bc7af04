import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { NodeEventPage } from "#lib/domain/node/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";

const shownMax = 20;

/** Whose changes of health are asked for. */
export type HealthSubject = { kind: "nodes" | "upstreams"; id: string };

/** The newest changes in the health of what a node calls, or of an upstream on every node; asked again each `everyMs`. */
export function useHealthEvents({ kind, id }: HealthSubject, everyMs: number) {
  return useQuery({
    queryKey: [kind, "events", id],
    queryFn: ({ signal }) =>
      callApi(NodeEventPage, "GET", `/${kind}/${id}/events${queryString({ limit: shownMax })}`, { signal }),
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
    retry: false,
  });
}
