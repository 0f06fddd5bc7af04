import { type AnswerFormat, NotCarried, type Reasoning } from "./generation.ts";
import {
  asObject,
  asText,
  isObject,
  optionalFlag,
  optionalObject,
  optionalText,
  optionalTexts,
} from "./json-fields.ts";
import type { EffortWord } from "./reasoning-budgets.ts";

const EFFORTS: ReadonlySet<unknown> = new Set(["minimal", "low", "medium", "high", "xhigh"]);

/** Values that ask for nothing beyond what every model does. */
const HARMLESS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ["logprobs", isFalse],
  ["store", isFalse],
  ["top_logprobs", (value) => value === 0],
  ["logit_bias", isEmpty],
  ["metadata", isEmpty],
  ["modalities", (value) => Array.isArray(value) && value.length === 1 && value[0] === "text"],
  ["verbosity", (value) => value === "medium"],
  ["service_tier", (value) => value === "auto" || value === "default"],
  ["functions", (value) => Array.isArray(value) && value.length === 0],
]);

function isFalse(value: unknown): boolean {
  return value === false;
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

/** Whether a parameter that only OpenAI's dialects have asks for nothing. */
export function isHarmless(name: string, value: unknown): boolean {
  return value === null || value === undefined || HARMLESS.get(name)?.(value) === true;
}

function isWord(value: unknown): value is EffortWord {
  return EFFORTS.has(value);
}

/** How much to think, by a word: shared by chat and responses. `none` turns it off. */
export function readEffort(value: unknown, param: string, isShown: boolean): Reasoning | null {
  if (value === undefined || value === null) return null;
  if (value === "none") return { kind: "off" };
  if (!isWord(value))
    throw new NotCarried(param, `'${param}' must be none, minimal, low, medium, high or xhigh.`, true);
  return { kind: "effort", effort: value, isShown };
}

/** A wanted JSON Schema: shared by chat and responses, which keep it in different places. */
export function readSchema(value: unknown, param: string): AnswerFormat {
  const wanted = asObject(value, param);
  return {
    kind: "schema",
    name: asText(wanted.name, `${param}.name`),
    description: optionalText(wanted.description, `${param}.description`),
    schema: optionalObject(wanted.schema, `${param}.schema`) ?? {},
    strict: optionalFlag(wanted.strict, `${param}.strict`),
  };
}

/** One stop sequence or several: shared by chat and completions. */
export function readStop(value: unknown): readonly string[] {
  return typeof value === "string" ? [value] : optionalTexts(value, "stop");
}

/** A penalty of 0 is none, and many clients send it with every call. Shared by chat and completions. */
export function unlessZero(penalty: number | null): number | null {
  return penalty === 0 ? null : penalty;
}
