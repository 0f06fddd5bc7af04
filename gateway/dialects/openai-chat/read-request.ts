import {
  type AnswerFormat,
  type GenerationRequest,
  NotCarried,
  type ToolChoice,
  type ToolDefinition,
} from "../generation.ts";
import {
  asList,
  asObject,
  asText,
  type JsonObject,
  optionalCount,
  optionalFlag,
  optionalNumber,
  optionalObject,
  optionalText,
  orNotCarried,
} from "../json-fields.ts";
import { isHarmless, readEffort, readSchema, readStop, unlessZero } from "../openai-parameters.ts";
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
