import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import type { OwnPasswordInput } from "#lib/domain/me/schemas.ts";
import { SessionPage, type SessionView } from "#lib/domain/session/schemas.ts";
import { callApi, queryString } from "./api-client.ts";

export const sessionKeys = {
  all: ["sessions"],
  list: (userId: string) => ["sessions", "list", userId],
} as const;

/** The open sessions of a person: one's own, or with the permission user.read somebody's. */
export function useSessions(userId: string) {
  return useQuery({
    queryKey: sessionKeys.list(userId),
    queryFn: ({ signal }) => callApi(SessionPage, "GET", `/sessions${queryString({ userId, limit: 200 })}`, { signal }),
  });
}

export function useRevokeSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (session: SessionView) => callApi(z.null(), "DELETE", `/sessions/${session.id}`),
    onSettled: () => client.invalidateQueries({ queryKey: sessionKeys.all }),
  });
}

/** Changes one's own password and ends one's other sessions. */
export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (body: z.output<typeof OwnPasswordInput>) => callApi(z.null(), "POST", "/me/password", { body }),
    onSettled: () => client.invalidateQueries({ queryKey: sessionKeys.all }),
  });
}
