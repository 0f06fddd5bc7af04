import { PROVIDERS } from "../../contract/providers.ts";
import { findPrice, listedPrice, pricedModels } from "../pricing/catalogue.ts";
import { factsByName, knownModels, type ModelFacts } from "./model-facts.ts";
import type { CatalogueModel } from "./schemas.ts";

/** A model of the catalogue before overrides: what the packages say of it on a day. */
export type ListedModel = Omit<CatalogueModel, "override">;

let listed: { readonly day: string; readonly models: readonly ListedModel[] } | null = null;

function modalitiesOf(facts: ModelFacts | null): ListedModel["modalities"] {
  return facts === null ? null : { input: [...facts.modalities.input], output: [...facts.modalities.output] };
}

function modelsOf(provider: string, noon: Date): ListedModel[] {
  const known = new Map(knownModels(provider).map((facts) => [facts.id, facts]));
  const priced = new Map(pricedModels(provider).map((model) => [model.id, model]));
  return [...new Set([...priced.keys(), ...known.keys()])].map((model) => {
    const info = priced.get(model);
    const own = known.get(model) ?? null;
    const facts = own ?? factsByName(model);
    return {
      provider,
      model,
      name: info?.name ?? own?.name ?? model,
      contextTokens: info?.context_window ?? facts?.contextTokens ?? null,
      outputTokensMax: own?.outputTokensMax ?? null,
      modalities: modalitiesOf(facts),
      capabilities: [...(facts?.capabilities ?? [])],
      isDeprecated: info?.deprecated === true,
      price: info === undefined ? findPrice(provider, model, noon) : listedPrice(provider, info, noon),
    };
  });
}

/** Every model of every provider as the packages know it on a day, by provider and name. Worked out once a day. */
export function listedModels(day: Date): readonly ListedModel[] {
  const name = day.toISOString().slice(0, 10);
  if (listed?.day !== name) {
    const noon = new Date(`${name}T12:00:00Z`);
    const models = PROVIDERS.map(({ kind }) => kind)
      .toSorted()
      .flatMap((provider) => modelsOf(provider, noon).toSorted((a, b) => (a.model < b.model ? -1 : 1)));
    listed = { day: name, models };
  }
  return listed.models;
}
