import { keepPreviousData, type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { ConsumerPage } from "#lib/domain/consumer/schemas.ts";
import { PlanPage, PlanView } from "#lib/domain/plan/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";
import { liveEveryMs } from "#lib/query/live.ts";

/** What a list page asks for: a name to look for and a cursor. */
export interface ListAsked {
  q: string;
  cursor: string | null;
}

/** How many of the consumers on a plan are shown with it. */
export const planConsumersShown = 50;

export const planKeys = {
  all: ["plans"] as const,
  list: ({ q, cursor }: ListAsked) => ["plans", "list", q, cursor] as const,
  one: (id: string) => ["plans", "one", id] as const,
  consumers: (id: string) => ["consumers", "ofPlan", id] as const,
};

/** One page of the draft's plans. */
export function usePlans(asked: ListAsked) {
  return useQuery({
    queryKey: planKeys.list(asked),
    queryFn: ({ signal }) => callApi(PlanPage, "GET", `/plans${queryString({ ...asked })}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** One plan of the draft. */
export function usePlan(id: string) {
  return useQuery({
    queryKey: planKeys.one(id),
    queryFn: ({ signal }) => callApi(PlanView, "GET", `/plans/${id}`, { signal }),
    refetchInterval: liveEveryMs,
  });
}

/** The first consumers on a plan, newest first. */
export function usePlanConsumers(id: string, isAllowed = true) {
  return useQuery({
    queryKey: planKeys.consumers(id),
    queryFn: ({ signal }) =>
      callApi(ConsumerPage, "GET", `/consumers${queryString({ planId: id, limit: planConsumersShown })}`, { signal }),
    enabled: isAllowed,
  });
}

/** Adds a plan to the draft. */
export function useCreatePlan() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) => callApi(PlanView, "POST", "/plans", { body }),
    onSettled: () => refreshPlans(client),
  });
}

/** Asks what a plan is at this moment, for what is to be saved on top of it. */
export function useReadPlan(id: string) {
  const client = useQueryClient();
  return () =>
    client.fetchQuery({
      queryKey: planKeys.one(id),
      queryFn: () => callApi(PlanView, "GET", `/plans/${id}`),
      staleTime: 0,
    });
}

/** Changes a plan in the draft; `etag` is of the state that the person has seen. */
export function useUpdatePlan(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ patch, etag }: { patch: unknown; etag: string }) =>
      callApi(PlanView, "PATCH", `/plans/${id}`, { body: patch, ifMatch: etag }),
    onSettled: () => refreshPlans(client),
  });
}

/** Takes a plan out of the draft. */
export function useDeletePlan() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag }: { id: string; etag: string }) =>
      callApi(z.null(), "DELETE", `/plans/${id}`, { ifMatch: etag }),
    onSettled: () => refreshPlans(client),
  });
}

function refreshPlans(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: planKeys.all });
  void client.invalidateQueries({ queryKey: ["draft"] });
}
