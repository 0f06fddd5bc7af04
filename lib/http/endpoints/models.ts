import { listModels, searchCatalogue } from "../../domain/model/index.ts";
import {
  createPriceOverride,
  deletePriceOverride,
  getPriceOverride,
  listPriceOverrides,
  PriceOverridePatch,
  updatePriceOverride,
} from "../../domain/price-override/index.ts";
import { type Endpoint, endpoint } from "../endpoint.ts";

export const models: readonly Endpoint[] = [
  endpoint({
    method: "GET",
    path: "/models",
    verb: listModels,
    summary: "The catalogue: published routes, their versions and prices",
  }),
  endpoint({
    method: "GET",
    path: "/model-catalogue",
    verb: searchCatalogue,
    summary: "Search the models that providers have, with context window, modalities and price",
  }),
  endpoint({
    method: "GET",
    path: "/price-overrides",
    verb: listPriceOverrides,
    summary: "List the prices of the draft that stand in the place of the price list's",
  }),
  endpoint({
    method: "POST",
    path: "/price-overrides",
    verb: createPriceOverride,
    created: "/price-overrides/{id}",
    summary: "Set what a provider's model costs",
  }),
  endpoint({
    method: "GET",
    path: "/price-overrides/{id}",
    verb: getPriceOverride,
    summary: "Read a price of the draft",
  }),
  endpoint({
    method: "PATCH",
    path: "/price-overrides/{id}",
    verb: updatePriceOverride,
    patches: PriceOverridePatch,
    summary: "Change a price in the draft",
  }),
  endpoint({
    method: "DELETE",
    path: "/price-overrides/{id}",
    verb: deletePriceOverride,
    summary: "Take a price out of the draft: the price list's counts again",
  }),
];
