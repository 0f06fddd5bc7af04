import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import type { ConsumerInput, ConsumerPatch } from "#lib/domain/consumer/schemas.ts";
import { ConsumerPage, ConsumerView } from "#lib/domain/consumer/schemas.ts";
import { callApi, queryString } from "./api-client.ts";

/** What a list of consumers is asked for; null and "" ask for nothing. */
export type ConsumerListQuery = { q: string; cursor: string | null; teamId: string | null; planId: string | null };

export const consumerKeys = {
  all: ["consumers"],
  list: (query: ConsumerListQuery) => ["consumers", "list", query],
  one: (id: string) => ["consumers", "one", id],
} as const;

export function useConsumers(query: ConsumerListQuery) {
  return useQuery({
    queryKey: consumerKeys.list(query),
    queryFn: ({ signal }) => callApi(ConsumerPage, "GET", `/consumers${queryString(query)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

export function useConsumer(id: string) {
  return useQuery({
    queryKey: consumerKeys.one(id),
    queryFn: ({ signal }) => callApi(ConsumerView, "GET", `/consumers/${id}`, { signal }),
  });
}

export function useCreateConsumer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: z.output<typeof ConsumerInput>) => callApi(ConsumerView, "POST", "/consumers", { body }),
    onSettled: () => refresh(client),
  });
}

export function useUpdateConsumer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ consumer, patch }: { consumer: ConsumerView; patch: Partial<z.input<typeof ConsumerPatch>> }) =>
      callApi(ConsumerView, "PATCH", `/consumers/${consumer.id}`, { body: patch, ifMatch: consumer.etag }),
    onSettled: () => refresh(client),
  });
}

export function useDeleteConsumer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (consumer: ConsumerView) =>
      callApi(z.null(), "DELETE", `/consumers/${consumer.id}`, { ifMatch: consumer.etag }),
    onSuccess: (_, { id }) => client.removeQueries({ queryKey: consumerKeys.one(id) }),
    onSettled: () => refresh(client),
  });
}

/** Teams and plans count their consumers, and keys go with them. */
function refresh(client: ReturnType<typeof useQueryClient>): Promise<unknown> {
  const nouns = ["consumers", "api-keys", "teams", "plans"];
  return Promise.all(nouns.map((noun) => client.invalidateQueries({ queryKey: [noun], type: "active" })));
}
