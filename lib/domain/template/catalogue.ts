import { notFound } from "../errors.ts";
import { parseInput } from "../parse-input.ts";
import { PLAN_TEMPLATES } from "./plan-templates.ts";
import { ROUTE_TEMPLATES } from "./route-templates.ts";
import { type Given, type PolicyTemplate, parametersSchema } from "./template.ts";

/** Every template, in the order in which they are shown. */
export const TEMPLATES: readonly PolicyTemplate[] = [...PLAN_TEMPLATES, ...ROUTE_TEMPLATES];

/** A template and the parameters it was given. 404, 422 with pointers below `/parameters`. */
export function templateWith(name: string, parameters: unknown): { template: PolicyTemplate; given: Given } {
  const template = TEMPLATES.find((each) => each.name === name);
  if (template === undefined) throw notFound("policy template");
  return { template, given: parseInput(parametersSchema(template.parameters), parameters, "/parameters") };
}
