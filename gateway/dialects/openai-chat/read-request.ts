import {
  type AnswerFormat,
  type GenerationRequest,
  NotCarried,
  type Reasoning,
  type ToolChoice,
  type ToolDefinition,
} from "../generation.ts";
import {
  asList,
  asObject,
  asText,
  isObject,
  type JsonObject,
  optionalCount,
  optionalFlag,
  optionalNumber,
  optionalObject,
  optionalText,
  optionalTexts,
  orNotCarried,
} from "../json-fields.ts";
import type { EffortWord } from "../reasoning-budgets.ts";
import { readMessages } from "./read-messages.ts";

/** What this reader takes; every other parameter goes into `extras`. */
const KNOWN: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "stream",
  "stream_options",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "top_k",
  "presence_penalty",
  "frequency_penalty",
  "seed",
  "stop",
  "reasoning_effort",
  "n",
  "user",
]);

const EFFORTS: ReadonlySet<unknown> = new Set(["minimal", "low", "medium", "high", "xhigh"]);

/** Values that ask for nothing beyond what every model does. */
const HARMLESS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ["logprobs", isFalse],
  ["store", isFalse],
  ["top_logprobs", (value) => value === 0],
  ["logit_bias", isEmpty],
  ["metadata", isEmpty],
  ["modalities", (value) => Array.isArray(value) && value.length === 1 && value[0] === "text"],
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

/** Tools of other types than `function` go into `extras`: only this dialect's own upstreams know them. */
function readTools(value: unknown, extras: Map<string, unknown>): ToolDefinition[] {
  if (value === undefined || value === null) return [];
  return asList(value, "tools").flatMap((item, index) => {
    const param = `tools[${index}]`;
    const tool = asObject(item, param);
    if (tool.type === "function") return [readTool(tool, param)];
    extras.set(param, tool);
    return [];
  });
}

function readTool(tool: JsonObject, param: string): ToolDefinition {
  const called = asObject(tool.function, `${param}.function`);
  return {
    name: asText(called.name, `${param}.function.name`),
    description: optionalText(called.description, `${param}.function.description`),
    parameters: optionalObject(called.parameters, `${param}.function.parameters`),
    strict: optionalFlag(called.strict, `${param}.function.strict`),
  };
}

function readToolChoice(value: unknown): ToolChoice | null {
  if (value === undefined || value === null) return null;
  if (value === "auto" || value === "none" || value === "required") return { kind: value };
  const choice = asObject(value, "tool_choice");
  if (choice.type !== "function")
    throw new NotCarried("tool_choice", "Only a choice of one function can be translated.");
  const called = asObject(choice.function, "tool_choice.function");
  return { kind: "tool", name: asText(called.name, "tool_choice.function.name") };
}

function readFormat(value: unknown): AnswerFormat {
  if (value === undefined || value === null) return { kind: "text" };
  const format = asObject(value, "response_format");
  if (format.type === "text") return { kind: "text" };
  if (format.type === "json_object") return { kind: "json" };
  if (format.type === "json_schema") return readSchema(format.json_schema, "response_format.json_schema");
  throw new NotCarried(
    "response_format.type",
    "'response_format.type' must be text, json_object or json_schema.",
    true,
  );
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

/** Servers that take `top_k` in this dialect turn it off by 0 or -1. */
function unlessOff(topK: number | null): number | null {
  return topK === null || topK <= 0 ? null : topK;
}

function read({ body, stream }: { readonly body: JsonObject; readonly stream: boolean }): GenerationRequest {
  const extras = new Map<string, unknown>();
  for (const name in body) {
    const value = body[name];
    if (!KNOWN.has(name) && !isHarmless(name, value)) extras.set(name, value);
  }
  return {
    ...readMessages(body.messages, extras),
    tools: readTools(body.tools, extras),
    toolChoice: readToolChoice(body.tool_choice),
    parallelToolCalls: optionalFlag(body.parallel_tool_calls, "parallel_tool_calls"),
    format: readFormat(body.response_format),
    maxOutputTokens:
      optionalCount(body.max_completion_tokens, "max_completion_tokens", 1) ??
      optionalCount(body.max_tokens, "max_tokens", 1),
    temperature: optionalNumber(body.temperature, "temperature"),
    topP: optionalNumber(body.top_p, "top_p"),
    topK: unlessOff(optionalNumber(body.top_k, "top_k")),
    presencePenalty: unlessZero(optionalNumber(body.presence_penalty, "presence_penalty")),
    frequencyPenalty: unlessZero(optionalNumber(body.frequency_penalty, "frequency_penalty")),
    seed: optionalNumber(body.seed, "seed"),
    stop: readStop(body.stop),
    reasoning: readEffort(body.reasoning_effort, "reasoning_effort", true),
    candidates: optionalCount(body.n, "n", 1) ?? 1,
    user: optionalText(body.user, "user"),
    stream,
    extras,
  };
}

/** Reads a request of `/v1/chat/completions`. */
export function readRequest(body: JsonObject, stream: boolean): GenerationRequest | NotCarried {
  return orNotCarried(read, { body, stream });
}
