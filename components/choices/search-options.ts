import type { z } from "zod";
import type { ComboboxOption, ComboboxProps } from "#components/ui/combobox.tsx";
import { ConsumerPage } from "#lib/domain/consumer/schemas.ts";
import { ModelPage } from "#lib/domain/model/schemas.ts";
import { PlanPage } from "#lib/domain/plan/schemas.ts";
import { TeamPage } from "#lib/domain/team/schemas.ts";
import { callApi, queryString } from "#lib/query/api-client.ts";
import { planSentence } from "./plan-sentence.ts";

type Search = ComboboxProps["search"];
const shownMax = 20;

/** A search over one list of the API, each row as an option. */
function over<T>(path: string, page: z.ZodType<{ data: T[] }>, option: (row: T) => ComboboxOption): Search {
  return async (q, signal) => {
    const { data } = await callApi(page, "GET", `${path}${queryString({ q, limit: shownMax })}`, { signal });
    return data.map(option);
  };
}

export const searchConsumers: Search = over("/consumers", ConsumerPage, ({ id, name, teamName, planName }) => ({
  value: id,
  label: name,
  hint: [teamName, planName ?? "no plan"].join(" · "),
}));

export const searchTeams: Search = over("/teams", TeamPage, ({ id, name }) => ({ value: id, label: name }));

/** Plans with what they allow in a sentence, so that nobody has to know them by name. */
export const searchPlans: Search = over("/plans", PlanPage, (plan) => ({
  value: plan.id,
  label: plan.name,
  hint: planSentence(plan),
}));

/** The published routes by name. */
export const searchRoutes: Search = async (q, signal) => {
  const { data } = await callApi(ModelPage, "GET", `/models${queryString({ q })}`, { signal });
  return data.map(({ name, defaultVersion }) => ({ value: name, label: name, hint: `version ${defaultVersion}` }));
};
