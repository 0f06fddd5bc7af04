import { z } from "zod";
import { DisplayName, Id, RouteName } from "../../contract/names.ts";
import type { PlanInput } from "../plan/schemas.ts";
import type { RouteCreate, VersionCreate } from "../route/schemas.ts";
import type { ParameterView, TemplateCategory } from "./schemas.ts";

/** What a parameter was given, after its schema: whole numbers for counts, text for everything else. */
export type Given = Readonly<Record<string, string | number>>;

/** A route to make, and what comes after its first version: a newer one that takes over as the default. */
export interface RouteToMake {
  route: z.input<typeof RouteCreate>;
  newer?: { version: Omit<z.input<typeof VersionCreate>, "id">; sunsetDays: number };
}

/** What a template puts into the draft. */
export interface Made {
  plans: z.input<typeof PlanInput>[];
  routes: RouteToMake[];
}

/** A ready policy to start from. `make` and `words` are given values that fit `parameters`. */
export interface PolicyTemplate {
  name: string;
  title: string;
  summary: string;
  category: TemplateCategory;
  /** What one would expect of it and it does not do; null where there is nothing of the kind. */
  limits: string | null;
  parameters: readonly ParameterView[];
  make(given: Given): Made;
  /** What it makes, in sentences. `upstream` names an upstream by its id. */
  words(given: Given, upstream: (id: string) => string): string[];
}

/** The schema of a template's parameters: unknown ones are refused, defaults stand in for what is left out. */
export function parametersSchema(parameters: readonly ParameterView[]): z.ZodType<Given> {
  return z.strictObject(Object.fromEntries(parameters.map((parameter) => [parameter.name, schemaOf(parameter)])));
}

function schemaOf(parameter: ParameterView): z.ZodType<string | number> {
  switch (parameter.kind) {
    case "count": {
      const schema = z
        .int()
        .min(parameter.min ?? 0)
        .max(parameter.max ?? 1_000_000_000);
      return typeof parameter.default === "number" ? schema.default(parameter.default) : schema;
    }
    case "planName":
      return withDefault(DisplayName, parameter);
    case "routeName":
      return withDefault(RouteName, parameter);
    case "model":
      return withDefault(z.string().trim().min(1, "must not be empty").max(200), parameter);
    case "upstream":
      return Id;
  }
}

function withDefault(schema: z.ZodString, parameter: ParameterView): z.ZodType<string> {
  return typeof parameter.default === "string" ? schema.default(parameter.default) : schema;
}

/** A parameter's text. Throws where the template has no such parameter: a mistake of ours. */
export function textOf(given: Given, name: string): string {
  const value = given[name];
  if (typeof value !== "string") throw new Error(`There is no text ${name}`);
  return value;
}

/** A parameter's whole number. Throws where the template has no such parameter: a mistake of ours. */
export function countOf(given: Given, name: string): number {
  const value = given[name];
  if (typeof value !== "number") throw new Error(`There is no count ${name}`);
  return value;
}
