import { asObject, type JsonObject, optionalObject } from "../json-fields.ts";

const SNAKE = /_([a-z])/g;

function camelKeys(object: JsonObject): JsonObject {
  const names = Object.keys(object);
  if (!names.some((name) => name.includes("_"))) return object;
  const entries = Object.entries(object).map(([name, value]) => [
    name.replaceAll(SNAKE, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return Object.fromEntries(entries);
}

/**
 * An object of the API's own, whose fields the API takes in camelCase and in snake_case. Never for what is the caller's
 * own: arguments, responses, names of properties. Throws `NotCarried`.
 */
export function asEnvelope(value: unknown, param: string): JsonObject {
  return camelKeys(asObject(value, param));
}

/** As `asEnvelope`; null when there is none. */
export function optionalEnvelope(value: unknown, param: string): JsonObject | null {
  const object = optionalObject(value, param);
  return object === null ? null : camelKeys(object);
}
