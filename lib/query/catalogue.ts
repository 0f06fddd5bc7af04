import { keepPreviousData, type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { CataloguePage } from "#lib/domain/model/schemas.ts";
import { PriceOverrideView } from "#lib/domain/price-override/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";

/** What the catalogue's page asks for. */
export interface CatalogueAsked {
  q: string;
  provider: string | null;
  cursor: string | null;
}

export const catalogueKeys = {
  all: ["catalogue"] as const,
  list: ({ q, provider, cursor }: CatalogueAsked) => ["catalogue", "list", q, provider, cursor] as const,
};

/** One page of the models that providers have. */
export function useCatalogue(asked: CatalogueAsked) {
  return useQuery({
    queryKey: catalogueKeys.list(asked),
    queryFn: ({ signal }) => callApi(CataloguePage, "GET", `/model-catalogue${queryString({ ...asked })}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Sets what a model costs, in the draft. */
export function useCreatePrice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: unknown) => callApi(PriceOverrideView, "POST", "/price-overrides", { body }),
    onSettled: () => refreshPrices(client),
  });
}

/** Asks what a price that is set is at this moment, for what is to be saved on top of it. */
export function useReadPrice(id: string) {
  return () => callApi(PriceOverrideView, "GET", `/price-overrides/${id}`);
}

/** Changes what a model costs, in the draft; `etag` is of the state that the person has seen. */
export function useUpdatePrice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag, price }: { id: string; etag: string; price: unknown }) =>
      callApi(PriceOverrideView, "PATCH", `/price-overrides/${id}`, { body: { price }, ifMatch: etag }),
    onSettled: () => refreshPrices(client),
  });
}

/** Takes a price out of the draft: the price list's counts again. */
export function useDeletePrice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, etag }: { id: string; etag: string }) =>
      callApi(z.null(), "DELETE", `/price-overrides/${id}`, { ifMatch: etag }),
    onSettled: () => refreshPrices(client),
  });
}

function refreshPrices(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: catalogueKeys.all });
  void client.invalidateQueries({ queryKey: ["draft"] });
}
