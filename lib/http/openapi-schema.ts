import { z } from "zod";

/** As much of a JSON Schema as the OpenAPI document has to take apart. */
export interface ObjectSchema {
  properties?: Record<string, unknown>;
  required?: string[];
  [keyword: string]: unknown;
}

export const BODY_SCHEMA_NOTE =
  "A JSON merge patch: only what is named changes, null puts a field back to its default.";

/** The JSON Schema (2020-12, as OpenAPI 3.1 has it) of what goes in or comes out. */
export function jsonSchema(schema: z.ZodType, io: "input" | "output"): ObjectSchema {
  const made: Record<string, unknown> = { ...z.toJSONSchema(schema, { io, unrepresentable: "any" }) };
  delete made.$schema;
  return made;
}

/** The members of an object's schema. */
export function membersOf(schema: ObjectSchema): Record<string, unknown> {
  return schema.properties ?? {};
}

/** The same object without some of its members. */
export function without(schema: ObjectSchema, names: readonly string[]): ObjectSchema {
  const properties = Object.fromEntries(Object.entries(membersOf(schema)).filter(([name]) => !names.includes(name)));
  const required = schema.required?.filter((name) => !names.includes(name)) ?? [];
  const { required: _before, ...rest } = schema;
  return { ...rest, properties, ...(required.length > 0 ? { required } : {}) };
}
