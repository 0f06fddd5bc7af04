import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import type { Role } from "#lib/contract/permissions.ts";
import type { UserCreate, UserPatch } from "#lib/domain/user/schemas.ts";
import { UserCreated, UserPage, UserView } from "#lib/domain/user/schemas.ts";
import { callApi, queryString } from "./api-client.ts";

/** What a list of people is asked for; null and "" ask for nothing. */
export type UserListQuery = { q: string; cursor: string | null; role: Role | null; teamId: string | null };

export const userKeys = {
  all: ["users"],
  list: (query: UserListQuery) => ["users", "list", query],
  one: (id: string) => ["users", "one", id],
} as const;

export function useUsers(query: UserListQuery) {
  return useQuery({
    queryKey: userKeys.list(query),
    queryFn: ({ signal }) => callApi(UserPage, "GET", `/users${queryString(query)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

export function useUser(id: string) {
  return useQuery({
    queryKey: userKeys.one(id),
    queryFn: ({ signal }) => callApi(UserView, "GET", `/users/${id}`, { signal }),
  });
}

/** Adds a person. The answer holds the initial password: it is kept by the caller alone, never in the query cache. */
export function useCreateUser() {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (body: z.input<typeof UserCreate>) => callApi(UserCreated, "POST", "/users", { body }),
    onSettled: () => refresh(client),
  });
}

export function useUpdateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ user, patch }: { user: UserView; patch: Partial<z.input<typeof UserPatch>> }) =>
      callApi(UserView, "PATCH", `/users/${user.id}`, { body: patch, ifMatch: user.etag }),
    onSettled: () => refresh(client),
  });
}

const NewPassword = z.object({ initialPassword: z.string().nullable() });

/** Gives a person a new password, which the answer shows once, and ends their sessions. */
export function useResetPassword() {
  const client = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: (user: UserView) =>
      callApi(NewPassword, "POST", `/users/${user.id}/password`, { body: {}, ifMatch: user.etag }),
    onSettled: () => refresh(client),
  });
}

export function useDeleteUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (user: UserView) => callApi(z.null(), "DELETE", `/users/${user.id}`, { ifMatch: user.etag }),
    onSuccess: (_, { id }) => client.removeQueries({ queryKey: userKeys.one(id) }),
    onSettled: () => refresh(client),
  });
}

/** Teams count their members, and a disabled person's sessions end. */
function refresh(client: ReturnType<typeof useQueryClient>): Promise<unknown> {
  const nouns = ["users", "teams", "sessions"];
  return Promise.all(nouns.map((noun) => client.invalidateQueries({ queryKey: [noun], type: "active" })));
}
