import { isObject, type JsonObject } from "../json-fields.ts";

/** Fields of the API's schema object that stand as text because they are 64-bit there. */
const COUNTS = new Set(["minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"]);
/** Order and the mark of an enumeration say nothing in a JSON Schema. */
const LEFT_OUT = new Set(["nullable", "propertyOrdering", "property_ordering"]);
const CAMEL: Readonly<Record<string, string>> = {
  any_of: "anyOf",
  min_items: "minItems",
  max_items: "maxItems",
  min_length: "minLength",
  max_length: "maxLength",
  min_properties: "minProperties",
  max_properties: "maxProperties",
};

function readType(type: unknown, isNullable: boolean): unknown {
  if (typeof type !== "string") return type;
  const word = type.toLowerCase();
  return isNullable ? [word, "null"] : word;
}

function readValue(name: string, value: unknown, isNullable: boolean): unknown {
  if (name === "type") return readType(value, isNullable);
  if (COUNTS.has(name)) return typeof value === "string" ? Number(value) : value;
  if (name === "anyOf" && Array.isArray(value)) {
    const schemas = value.map(readGeminiSchema);
    return isNullable ? [...schemas, { type: "null" }] : schemas;
  }
  if (name === "items" || name === "additionalProperties") return readGeminiSchema(value);
  if (name !== "properties" || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, schema]) => [key, readGeminiSchema(schema)]));
}

/**
 * Reads the API's own schema object (a subset of OpenAPI 3.0's: types in capitals, `nullable`, 64-bit numbers as text)
 * into a JSON Schema. What is not understood stays as it is. The other direction needs nothing: the API takes JSON Schemas
 * (`parametersJsonSchema`, `responseJsonSchema`).
 */
export function readGeminiSchema(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const isNullable = schema.nullable === true;
  const read: [string, unknown][] = [];
  for (const [key, value] of Object.entries(schema)) {
    const name = Object.hasOwn(CAMEL, key) ? (CAMEL[key] ?? key) : key;
    if (LEFT_OUT.has(name) || (name === "format" && value === "enum")) continue;
    if (name === "type" && value === "TYPE_UNSPECIFIED") continue;
    if (name === "example") read.push(["examples", [value]]);
    else read.push([name, readValue(name, value, isNullable)]);
  }
  return Object.fromEntries(read);
}

/** As `readGeminiSchema`, for a schema that is an object. */
export function readObjectSchema(schema: JsonObject): JsonObject {
  const read = readGeminiSchema(schema);
  return isObject(read) ? read : {};
}
