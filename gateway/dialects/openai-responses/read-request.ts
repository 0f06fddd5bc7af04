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
  fieldOf,
  type JsonObject,
  optionalCount,
  optionalFlag,
  optionalNumber,
  optionalObject,
  optionalText,
  orNotCarried,
} from "../json-fields.ts";
import { isHarmless, readEffort, readSchema } from "../openai-parameters.ts";
import { readInput } from "./read-input.ts";

/** What this reader takes; every other parameter goes into `extras`. */
const KNOWN: ReadonlySet<string> = new Set([
  "model",
  "input",
  "instructions",
  "stream",
  "stream_options",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "text",
  "max_output_tokens",
  "temperature",
  "top_p",
  "reasoning",
  "user",
  "include",
]);

/** What the vendor keeps or does by itself: a call that builds on it has no meaning elsewhere, and is never cut short of it. */
const KEPT_BY_VENDOR = ["previous_response_id", "conversation", "prompt"] as const;

function isDefault(name: string, value: unknown): boolean {
  if (name === "truncation") return value === "disabled" || value === null;
  if (name === "background") return value === false || value === null;
  return isHarmless(name, value);
}

function readTools(value: unknown, extras: Map<string, unknown>): ToolDefinition[] {
  if (value === undefined || value === null) return [];
  return asList(value, "tools").flatMap((item, index) => {
    const param = `tools[${index}]`;
    const tool = asObject(item, param);
    if (tool.type !== "function") {
      extras.set(param, tool);
      return [];
    }
    return [
      {
        name: asText(tool.name, `${param}.name`),
        description: optionalText(tool.description, `${param}.description`),
        parameters: optionalObject(tool.parameters, `${param}.parameters`),
        strict: optionalFlag(tool.strict, `${param}.strict`),
      },
    ];
  });
}

function readToolChoice(value: unknown): ToolChoice | null {
  if (value === undefined || value === null) return null;
  if (value === "auto" || value === "none" || value === "required") return { kind: value };
  const choice = asObject(value, "tool_choice");
  if (choice.type !== "function")
    throw new NotCarried("tool_choice", "Only a choice of one function can be translated.");
  return { kind: "tool", name: asText(choice.name, "tool_choice.name") };
}

function readFormat(text: JsonObject | null): AnswerFormat {
  const format = optionalObject(text?.format, "text.format");
  if (format === null || format.type === "text") return { kind: "text" };
  if (format.type === "json_object") return { kind: "json" };
  if (format.type === "json_schema") return readSchema(format, "text.format");
  throw new NotCarried("text.format.type", "'text.format.type' must be text, json_object or json_schema.", true);
}

function readReasoning(value: unknown): Reasoning | null {
  const reasoning = optionalObject(value, "reasoning");
  const isShown = fieldOf(reasoning, "summary") !== undefined || fieldOf(reasoning, "generate_summary") !== undefined;
  const effort = readEffort(reasoning?.effort, "reasoning.effort", isShown);
  // A summary alone asks to see what is thought at the default effort.
  return effort === null && isShown ? { kind: "effort", effort: "medium", isShown } : effort;
}

/** `include` asks for more in the answer; what a translated answer has anyway is no wish of its own. */
function noteInclude(value: unknown, extras: Map<string, unknown>): void {
  if (value === undefined || value === null) return;
  const wanted = asList(value, "include").filter((name) => name !== "reasoning.encrypted_content");
  if (wanted.length > 0) extras.set("include", wanted);
}

function extrasOf(body: JsonObject, text: JsonObject | null): Map<string, unknown> {
  const extras = new Map<string, unknown>();
  for (const name in body) {
    const value = body[name];
    if (!KNOWN.has(name) && !isDefault(name, value)) extras.set(name, value);
  }
  const verbosity = fieldOf(text, "verbosity");
  if (verbosity !== undefined && verbosity !== "medium") extras.set("text.verbosity", verbosity);
  noteInclude(body.include, extras);
  return extras;
}

function read({ body, stream }: { readonly body: JsonObject; readonly stream: boolean }): GenerationRequest {
  for (const name of KEPT_BY_VENDOR) {
    if (body[name] === undefined || body[name] === null) continue;
    throw new NotCarried(name, "It stands for what only the vendor keeps. Send the whole conversation as input.");
  }
  const text = optionalObject(body.text, "text");
  const extras = extrasOf(body, text);
  return {
    ...readInput(body),
    tools: readTools(body.tools, extras),
    toolChoice: readToolChoice(body.tool_choice),
    parallelToolCalls: optionalFlag(body.parallel_tool_calls, "parallel_tool_calls"),
    format: readFormat(text),
    maxOutputTokens: optionalCount(body.max_output_tokens, "max_output_tokens", 1),
    temperature: optionalNumber(body.temperature, "temperature"),
    topP: optionalNumber(body.top_p, "top_p"),
    topK: null,
    presencePenalty: null,
    frequencyPenalty: null,
    seed: null,
    stop: [],
    reasoning: readReasoning(body.reasoning),
    candidates: 1,
    user: optionalText(body.user, "user"),
    stream,
    extras,
  };
}

/** Reads a request of `/v1/responses`. */
export function readRequest(body: JsonObject, stream: boolean): GenerationRequest | NotCarried {
  return orNotCarried(read, { body, stream });
}
