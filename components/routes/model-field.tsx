"use client";
import { useId } from "react";
import { useWatch } from "react-hook-form";
import { priceLine } from "#components/catalogue/price-words.ts";
import { FormInput } from "#components/forms/form-controls.tsx";
import type { ResourceFormState } from "#components/forms/use-resource-form.ts";
import type { VersionFormInput, VersionFormOutput } from "#components/routes/version-form-values.ts";
import { useAsyncSearch } from "#components/ui/use-async-search.ts";
import { type CatalogueModel, CataloguePage } from "#lib/domain/model/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";

const shownMax = 30;

async function searchModels(asked: string, signal: AbortSignal): Promise<readonly CatalogueModel[]> {
  const [provider, q] = asked.split("\n");
  if (!provider) return [];
  const query = queryString({ provider, q, limit: shownMax });
  return (await callApi(CataloguePage, "GET", `/model-catalogue${query}`, { signal })).data;
}

function hintOf({ contextTokens, price }: CatalogueModel): string {
  const context = contextTokens === null ? [] : [`${contextTokens.toLocaleString("en-US")} tokens of context`];
  return [...context, priceLine(price)].join(" · ");
}

/** A target's model: any text, with the models that the catalogue has of the upstream's provider to choose from. */
export function ModelField({
  state,
  index,
  provider,
}: {
  state: ResourceFormState<VersionFormInput, VersionFormOutput>;
  index: number;
  /** The provider of the target's upstream; null while none is chosen. */
  provider: string | null;
}) {
  const list = useId();
  const model = useWatch({ control: state.form.control, name: `targets.${index}.model` });
  const { results } = useAsyncSearch(searchModels, `${provider ?? ""}\n${model ?? ""}`);
  const known = results.find((each) => each.model === model);
  return (
    <>
      <FormInput
        state={state}
        name={`targets.${index}.model`}
        label="Model"
        isRequired
        {...(known ? { hint: hintOf(known) } : {})}
        input={{ autoComplete: "off", spellCheck: false, placeholder: "gpt-4o-mini", list }}
      />
      <datalist id={list}>
        {results.map((each) => (
          <option key={each.model} value={each.model}>
            {hintOf(each)}
          </option>
        ))}
      </datalist>
    </>
  );
}
