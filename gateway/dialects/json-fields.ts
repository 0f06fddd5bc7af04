import { NotCarried } from "./generation.ts";

/** Any JSON object; what its fields hold is anybody's guess until one of the functions below has looked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object, false for arrays, null and scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of an own field; undefined when it is absent or null, which every dialect takes for the same. */
export function fieldOf(value: unknown, name: string): unknown {
  if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
  return value[name] ?? undefined;
}

/** A string field, or null: for answers, where what is not understood is left out. */
export function textOf(value: unknown, name: string): string | null {
  const found = fieldOf(value, name);
  return typeof found === "string" ? found : null;
}

/** A field that is a whole number from 0, or null. */
export function countOf(value: unknown, name: string): number | null {
  const found = fieldOf(value, name);
  return typeof found === "number" && Number.isSafeInteger(found) && found >= 0 ? found : null;
}

/** The elements of an array field; none when it is no array. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  const found = fieldOf(value, name);
  return Array.isArray(found) ? found : [];
}

/** Parses JSON text; undefined when it is malformed. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The arguments of a tool call as the object that some dialects want. Models do write broken JSON, above all when the
 * token limit cuts them off: it then stands as text under the name that Anthropic's documentation gives it.
 */
export function argumentsObject(json: string): JsonObject {
  if (json.trim() === "") return {};
  const value = parseJson(json);
  return isObject(value) ? value : { INVALID_JSON: json };
}

/**
 * Runs a reader or a writer that throws `NotCarried` from its depths, and returns that as the value it is outside. Nothing
 * else is expected to be thrown.
 */
export function orNotCarried<Input, Output>(work: (input: Input) => Output, input: Input): Output | NotCarried {
  try {
    return work(input);
  } catch (error) {
    if (error instanceof NotCarried) return error;
    throw error;
  }
}

function invalid(param: string, expected: string): NotCarried {
  return new NotCarried(param, `'${param}' must be ${expected}.`, true);
}

/** The functions below read what a caller sent. They throw `NotCarried` naming the field when it is not of its type. */
export function asObject(value: unknown, param: string): JsonObject {
  if (!isObject(value)) throw invalid(param, "an object");
  return value;
}

export function asList(value: unknown, param: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(param, "an array");
  return value;
}

export function asText(value: unknown, param: string): string {
  if (typeof value !== "string") throw invalid(param, "a string");
  return value;
}

export function optionalObject(value: unknown, param: string): JsonObject | null {
  return value === undefined || value === null ? null : asObject(value, param);
}

export function optionalText(value: unknown, param: string): string | null {
  return value === undefined || value === null ? null : asText(value, param);
}

export function optionalFlag(value: unknown, param: string): boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "boolean") throw invalid(param, "a boolean");
  return value;
}

export function optionalNumber(value: unknown, param: string): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "number" || !Number.isFinite(value)) throw invalid(param, "a number");
  return value;
}

/** A whole number from `min` on. */
export function optionalCount(value: unknown, param: string, min: number): number | null {
  const found = optionalNumber(value, param);
  if (found !== null && (!Number.isSafeInteger(found) || found < min)) {
    throw invalid(param, `a whole number from ${min} on`);
  }
  return found;
}

export function optionalTexts(value: unknown, param: string): readonly string[] {
  if (value === undefined || value === null) return [];
  return asList(value, param).map((item, index) => asText(item, `${param}[${index}]`));
}

/** Refuses a field of `object` that is not in `known`: what the reader does not know must not be lost in silence. */
export function refuseUnknown(object: JsonObject, known: ReadonlySet<string>, param: string): void {
  for (const [name, value] of Object.entries(object)) {
    if (value === null || value === undefined || known.has(name)) continue;
    throw new NotCarried(
      `${param}.${name}`,
      `'${param}.${name}' is not known to the gateway and cannot be translated.`,
    );
  }
}
