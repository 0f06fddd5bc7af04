// Fault switches: which calls misbehave, and how. Deterministic, so that a failing chaos run can be run again.
import { isObject, type Json, type JsonObject } from "./json.ts";
import { seededRandom } from "./seeded-hash.ts";

/** What goes wrong with one call. Absent fields mean healthy behaviour. "Chunks" are the content events of a stream. */
export interface FaultEffect {
  /** Waits before the first byte of the answer, in milliseconds. */
  delayFirstByteMs?: number;
  /** Waits between the chunks of a stream; each chunk is then its own write. */
  delayBetweenChunksMs?: number;
  /** Answers this HTTP status (400 to 599) instead. */
  status?: number;
  /** Body sent with `status`; the dialect's own error when absent. */
  body?: Json;
  /** Seconds in a `retry-after` header, sent with `status`. */
  retryAfter?: number;
  /** Sends a TCP reset after so many chunks; 0 resets before any byte. Without streaming, 1 or more cuts the body in half. */
  resetAfterChunks?: number;
  /** Goes silent after so many chunks and keeps the connection open; 0 before any byte. */
  stallAfterChunks?: number;
  /** Puts events that are no JSON and bytes that are no UTF-8 behind the first chunk; without streaming, cuts the JSON. */
  garbageSse?: boolean;
  /** Streams for ever, whatever `max_tokens` says; without streaming, a body that never ends. */
  neverEnd?: boolean;
  /** Generates as if no `max_tokens` had been sent. */
  ignoreMaxTokens?: boolean;
  /** Leaves usage out of the answer; the ledger still has it. */
  omitUsage?: boolean;
  /** Answers 401 with the credential in the message, as careless providers do. */
  echoCredential?: boolean;
  /** Extra response headers, such as a cookie that must not reach a caller. */
  responseHeaders?: Record<string, string>;
}

/** Which calls a rule takes. All given conditions must hold; `everyNth` and `probability` count matching calls only. */
export interface FaultMatch {
  model?: string;
  dialect?: string;
  /** Chance from 0 to 1, drawn from a source seeded with `seed`. */
  probability?: number;
  /** Seed of `probability`, 1 when absent. */
  seed?: number;
  /** Takes the nth, 2nth, 3nth... matching call. */
  everyNth?: number;
  /** Takes at most so many calls. */
  times?: number;
}

/** A rule as posted. */
export interface FaultRule {
  match: FaultMatch;
  effect: FaultEffect;
}

/** Healthy behaviour: compared by identity on the hot path. */
export const NO_FAULT: FaultEffect = Object.freeze({});

const SLOW: FaultEffect = Object.freeze({ delayFirstByteMs: 300, delayBetweenChunksMs: 20 });
const FAIL: FaultEffect = Object.freeze({ status: 500 });
const FLAKY: FaultEffect = Object.freeze({ status: 503, retryAfter: 1 });

const MS_MAX = 3_600_000;
const COUNT_MAX = 1_000_000_000;

type Check = (value: Json | undefined) => boolean;
const isBoolean: Check = (value) => typeof value === "boolean";
const isText: Check = (value) => typeof value === "string";
const within =
  (low: number, high: number, isWhole = true): Check =>
  (value) =>
    typeof value === "number" && value >= low && value <= high && (!isWhole || Number.isInteger(value));
const isHeaders: Check = (value) =>
  isObject(value) &&
  Object.entries(value).every(([name, text]) => /^[a-z0-9-]{1,64}$/i.test(name) && /^[\x20-\x7e]*$/.test(String(text)));

const EFFECT_CHECKS: Record<keyof FaultEffect, Check> = {
  delayFirstByteMs: within(0, MS_MAX, false),
  delayBetweenChunksMs: within(0, MS_MAX, false),
  status: within(400, 599),
  body: (value) => value !== undefined,
  retryAfter: within(0, MS_MAX),
  resetAfterChunks: within(0, COUNT_MAX),
  stallAfterChunks: within(0, COUNT_MAX),
  garbageSse: isBoolean,
  neverEnd: isBoolean,
  ignoreMaxTokens: isBoolean,
  omitUsage: isBoolean,
  echoCredential: isBoolean,
  responseHeaders: isHeaders,
};
const MATCH_CHECKS: Record<keyof FaultMatch, Check> = {
  model: isText,
  dialect: isText,
  probability: within(0, 1, false),
  seed: within(0, COUNT_MAX),
  everyNth: within(1, COUNT_MAX),
  times: within(0, COUNT_MAX),
};

function checkFields(value: Json | undefined, checks: Record<string, Check>, where: string): string | undefined {
  if (!isObject(value)) return `${where} must be an object`;
  for (const [key, item] of Object.entries(value)) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) return `${where}.${key} is not known`;
    if (!check(item)) return `${where}.${key} has a wrong value`;
  }
  return undefined;
}

/** Guaranteed by `checkFields`: every field is known and has its type. */
function asChecked<T>(value: JsonObject): T {
  return value as unknown as T;
}

/** Reads an effect (the header `x-demo-fault`); a string says what is wrong with it. */
export function readEffect(value: Json | undefined): FaultEffect | string {
  const problem = checkFields(value, EFFECT_CHECKS, "effect");
  if (problem !== undefined) return problem;
  return isObject(value) ? asChecked<FaultEffect>(value) : "effect must be an object";
}

function readRule(value: Json, index: number): FaultRule | string {
  if (!isObject(value)) return `rule ${index} must be an object`;
  const extra = Object.keys(value).find((key) => key !== "match" && key !== "effect");
  if (extra !== undefined) return `rule ${index}: ${extra} is not known`;
  const match = value.match ?? {};
  const effect = readEffect(value.effect);
  if (typeof effect === "string") return `rule ${index}: ${effect}`;
  const problem = checkFields(match, MATCH_CHECKS, "match");
  if (problem !== undefined || !isObject(match)) return `rule ${index}: ${problem ?? "match must be an object"}`;
  return { match: asChecked<FaultMatch>(match), effect };
}

interface LiveRule extends FaultRule {
  matched: number;
  applied: number;
  random: () => number;
}

/** The fault rules of one server. The first rule that takes a call wins; its fields override the model's convention. */
export class Faults {
  #rules: LiveRule[] = [];
  #flakyCalls = 0;

  /** Replaces all rules. A string says what is wrong, and then the old rules stay. */
  set(value: Json | undefined): string | undefined {
    if (!Array.isArray(value)) return "the body must be an array of rules";
    const rules: LiveRule[] = [];
    for (const [index, item] of value.entries()) {
      const rule = readRule(item, index);
      if (typeof rule === "string") return rule;
      rules.push({ ...rule, matched: 0, applied: 0, random: seededRandom(rule.match.seed ?? 1) });
    }
    this.#rules = rules;
    return undefined;
  }

  /** The rules with how often each matched and applied. */
  list(): (FaultRule & { matched: number; applied: number })[] {
    return this.#rules.map(({ match, effect, matched, applied }) => ({ match, effect, matched, applied }));
  }

  clear(): void {
    this.#rules = [];
  }

  /** Decides the fault of one call and counts it. Hot path: returns `NO_FAULT` itself when nothing applies. */
  resolve(model: string, dialect: string): FaultEffect {
    const byModel = model.startsWith("demo-") ? this.#byConvention(model) : NO_FAULT;
    if (this.#rules.length === 0) return byModel;
    for (const rule of this.#rules) {
      if (takes(rule, model, dialect)) return byModel === NO_FAULT ? rule.effect : { ...byModel, ...rule.effect };
    }
    return byModel;
  }

  #byConvention(model: string): FaultEffect {
    if (model === "demo-slow") return SLOW;
    if (model === "demo-fail") return FAIL;
    if (model !== "demo-flaky") return NO_FAULT;
    this.#flakyCalls += 1;
    return this.#flakyCalls % 2 === 1 ? FLAKY : NO_FAULT;
  }
}

function takes(rule: LiveRule, model: string, dialect: string): boolean {
  const { match } = rule;
  if (match.model !== undefined && match.model !== model) return false;
  if (match.dialect !== undefined && match.dialect !== dialect) return false;
  if (match.times !== undefined && rule.applied >= match.times) return false;
  rule.matched += 1;
  if (match.everyNth !== undefined && rule.matched % match.everyNth !== 0) return false;
  if (match.probability !== undefined && rule.random() >= match.probability) return false;
  rule.applied += 1;
  return true;
}
