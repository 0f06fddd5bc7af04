// Makes a value that satisfies a JSON Schema well enough for structured output and tool arguments: the subset that the
// three dialects accept (types, enum, const, default, properties, items, $ref into $defs, anyOf/oneOf/allOf).
import { isObject, type Json, type JsonObject, listOr, objectOr } from "./json.ts";

const DEPTH_MAX = 12;

/** Picks a word of the prompt for free strings, so that arguments look as if they came from it. */
function stringFrom(prompt: string): string {
  const names = prompt.slice(-400).match(/(?<=[\s,(])[A-Z][\p{L}'-]+/gu);
  return names?.at(-1) ?? "demo";
}

function resolveReference(reference: string, root: JsonObject): JsonObject {
  let current: Json | undefined = root;
  for (const step of reference.replace(/^#\/?/, "").split("/")) {
    current = objectOr(current)[step.replace(/~1/g, "/").replace(/~0/g, "~")];
  }
  return objectOr(current);
}

function sampleObject(schema: JsonObject, root: JsonObject, prompt: string, depth: number): JsonObject {
  const sample: JsonObject = {};
  for (const [key, property] of Object.entries(objectOr(schema.properties))) {
    if (key !== "__proto__") sample[key] = sampleAt(objectOr(property), root, prompt, depth + 1);
  }
  return sample;
}

function sampleText(schema: JsonObject, prompt: string): string {
  const byFormat: Record<string, string> = {
    date: "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
    time: "12:00:00Z",
    email: "demo@example.com",
    uri: "https://example.com/",
    uuid: "00000000-0000-4000-8000-000000000000",
  };
  const text = (typeof schema.format === "string" ? byFormat[schema.format] : undefined) ?? stringFrom(prompt);
  return typeof schema.minLength === "number" ? text.padEnd(Math.min(schema.minLength, 10_000), ".") : text;
}

function sampleNumber(schema: JsonObject): number {
  if (typeof schema.minimum === "number") return schema.minimum;
  if (typeof schema.exclusiveMinimum === "number") return schema.exclusiveMinimum + 1;
  if (typeof schema.maximum === "number") return Math.min(schema.maximum, 1);
  return 1;
}

function typeOf(schema: JsonObject): string {
  const declared = Array.isArray(schema.type) ? schema.type.find((type) => type !== "null") : schema.type;
  if (typeof declared === "string") return declared.toLowerCase();
  if (schema.properties !== undefined) return "object";
  return schema.items === undefined ? "string" : "array";
}

function sampleAt(schema: JsonObject, root: JsonObject, prompt: string, depth: number): Json {
  if (depth > DEPTH_MAX) return null;
  if (typeof schema.$ref === "string") return sampleAt(resolveReference(schema.$ref, root), root, prompt, depth + 1);
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  const firstOfEnum = listOr(schema.enum)[0];
  if (firstOfEnum !== undefined) return firstOfEnum;
  const alternative = listOr(schema.anyOf)[0] ?? listOr(schema.oneOf)[0] ?? listOr(schema.allOf)[0];
  if (isObject(alternative)) return sampleAt(alternative, root, prompt, depth + 1);
  switch (typeOf(schema)) {
    case "object":
      return sampleObject(schema, root, prompt, depth);
    case "array": {
      const count = typeof schema.minItems === "number" ? Math.min(Math.max(1, schema.minItems), 100) : 1;
      return Array.from({ length: count }, () => sampleAt(objectOr(schema.items), root, prompt, depth + 1));
    }
    case "integer":
      return Math.ceil(sampleNumber(schema));
    case "number":
      return sampleNumber(schema);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return sampleText(schema, prompt);
  }
}

/** A deterministic value for `schema`; free strings are taken from `prompt`. Nesting past 12 levels becomes null. */
export function sampleSchema(schema: JsonObject, prompt: string): Json {
  return sampleAt(schema, schema, prompt, 0);
}
