import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import type { TeamInput } from "#lib/domain/team/schemas.ts";
import { TeamPage, TeamView } from "#lib/domain/team/schemas.ts";
import { callApi, queryString } from "./api-client.ts";

/** What a list of teams is asked for; null and "" ask for nothing. */
export type TeamListQuery = { q: string; cursor: string | null };

export const teamKeys = {
  all: ["teams"],
  list: (query: TeamListQuery) => ["teams", "list", query],
  one: (id: string) => ["teams", "one", id],
} as const;

export function useTeams(query: TeamListQuery) {
  return useQuery({
    queryKey: teamKeys.list(query),
    queryFn: ({ signal }) => callApi(TeamPage, "GET", `/teams${queryString(query)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

export function useTeam(id: string) {
  return useQuery({
    queryKey: teamKeys.one(id),
    queryFn: ({ signal }) => callApi(TeamView, "GET", `/teams/${id}`, { signal }),
  });
}

export function useCreateTeam() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: z.output<typeof TeamInput>) => callApi(TeamView, "POST", "/teams", { body }),
    onSettled: () => refresh(client),
  });
}

export function useRenameTeam() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ team, name }: { team: TeamView; name: string }) =>
      callApi(TeamView, "PATCH", `/teams/${team.id}`, { body: { name }, ifMatch: team.etag }),
    onSettled: () => refresh(client),
  });
}

export function useDeleteTeam() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (team: TeamView) => callApi(z.null(), "DELETE", `/teams/${team.id}`, { ifMatch: team.etag }),
    onSuccess: (_, { id }) => client.removeQueries({ queryKey: teamKeys.one(id) }),
    onSettled: () => refresh(client),
  });
}

/** Consumers and users show their team's name. */
function refresh(client: ReturnType<typeof useQueryClient>): Promise<unknown> {
  const nouns = ["teams", "consumers", "users"];
  return Promise.all(nouns.map((noun) => client.invalidateQueries({ queryKey: [noun], type: "active" })));
}
