import {
  type AnswerFormat,
  type GenerationRequest,
  type Message,
  NotCarried,
  type Reasoning,
  type TextPart,
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
  optionalTexts,
  refuseUnknown,
} from "../json-fields.ts";
import type { EffortWord } from "../reasoning-budgets.ts";
import { readMessage, readSystem } from "./read-content.ts";

/** What this reader takes; every other parameter goes into `extras`. */
const KNOWN = new Set([
  "model",
  "stream",
  "system",
  "messages",
  "tools",
  "tool_choice",
  "max_tokens",
  "temperature",
  "top_p",
  "top_k",
  "stop_sequences",
  "metadata",
  "thinking",
  "output_config",
  "output_format",
  "cache_control",
]);
/** `eager_input_streaming` only asks for arguments to be streamed sooner: translated streams always are as they come. */
const TOOL_FIELDS = new Set([
  "type",
  "name",
  "description",
  "input_schema",
  "cache_control",
  "strict",
  "eager_input_streaming",
]);
const EFFORTS: ReadonlyMap<unknown, EffortWord> = new Map([
  ["low", "low"],
  ["medium", "medium"],
  ["high", "high"],
  ["xhigh", "xhigh"],
  // The seam's greatest word: what is above it is this vendor's own.
  ["max", "xhigh"],
]);

function readMessages(body: JsonObject): Pick<GenerationRequest, "system" | "messages"> {
  const system: TextPart[] = readSystem(body.system, "system");
  const messages: Message[] = [];
  for (const [index, item] of asList(body.messages, "messages").entries()) {
    const param = `messages[${index}]`;
    const message = asObject(item, param);
    if (message.role === "system" && messages.length === 0)
      system.push(...readSystem(message.content, `${param}.content`));
    else messages.push(readMessage(message, param));
  }
  if (messages.length === 0) throw new NotCarried("messages", "'messages' must hold at least one message.", true);
  return { system, messages: body.cache_control === undefined ? messages : markLast(messages) };
}

/** The top-level `cache_control` is a mark on the last part of the prompt. */
function markLast(messages: readonly Message[]): Message[] {
  return messages.map((message, at) => {
    if (at < messages.length - 1 || message.role !== "user") return message;
    const last = message.parts.length - 1;
    return {
      role: "user",
      parts: message.parts.map((part, i) => (i === last ? { ...part, isCachePoint: true } : part)),
    };
  });
}

function readTool(value: unknown, param: string): ToolDefinition {
  const tool = asObject(value, param);
  if (tool.type !== undefined && tool.type !== null && tool.type !== "custom") {
    throw new NotCarried(`${param}.type`, "Tools that the vendor defines or runs cannot be translated.");
  }
  refuseUnknown(tool, TOOL_FIELDS, param);
  const isMarked = optionalObject(tool.cache_control, `${param}.cache_control`) !== null;
  return {
    name: asText(tool.name, `${param}.name`),
    description: optionalText(tool.description, `${param}.description`),
    parameters: optionalObject(tool.input_schema, `${param}.input_schema`),
    strict: optionalFlag(tool.strict, `${param}.strict`),
    ...(isMarked ? { isCachePoint: true } : {}),
  };
}

function readTools(value: unknown): ToolDefinition[] {
  if (value === undefined || value === null) return [];
  return asList(value, "tools").map((tool, index) => readTool(tool, `tools[${index}]`));
}

function readChoice(choice: JsonObject): ToolChoice {
  switch (choice.type) {
    case "auto":
    case "none":
      return { kind: choice.type };
    case "any":
      return { kind: "required" };
    case "tool":
      return { kind: "tool", name: asText(choice.name, "tool_choice.name") };
    default:
      throw new NotCarried("tool_choice.type", "'tool_choice.type' must be auto, any, tool or none.", true);
  }
}

function readToolChoice(value: unknown): Pick<GenerationRequest, "toolChoice" | "parallelToolCalls"> {
  const choice = optionalObject(value, "tool_choice");
  if (choice === null) return { toolChoice: null, parallelToolCalls: null };
  const isDisabled = optionalFlag(choice.disable_parallel_tool_use, "tool_choice.disable_parallel_tool_use");
  return { toolChoice: readChoice(choice), parallelToolCalls: isDisabled === null ? null : !isDisabled };
}

/** `output_format` is the name that the beta of structured output had. */
function readFormat(output: JsonObject | null, body: JsonObject): AnswerFormat {
  const param = body.output_format === undefined ? "output_config.format" : "output_format";
  const format = optionalObject(output?.format ?? body.output_format, param);
  if (format === null) return { kind: "text" };
  if (format.type !== "json_schema")
    throw new NotCarried(`${param}.type`, `'${param}.type' must be json_schema.`, true);
  const schema = asObject(format.schema, `${param}.schema`);
  return { kind: "schema", name: "answer", description: null, schema, strict: true };
}

function readEffort(output: JsonObject | null): EffortWord | null {
  if (output?.effort === undefined || output.effort === null) return null;
  const effort = EFFORTS.get(output.effort);
  if (effort !== undefined) return effort;
  throw new NotCarried("output_config.effort", "'output_config.effort' must be low, medium, high, xhigh or max.", true);
}

/** Adaptive thinking without an effort is of the effort `high`, as Anthropic's documentation has it. */
function readReasoning(body: JsonObject, effort: EffortWord | null): Reasoning | null {
  const thinking = optionalObject(body.thinking, "thinking");
  if (thinking === null) return effort === null ? null : { kind: "effort", effort, isShown: false };
  const isShown = thinking.display !== "omitted";
  if (thinking.type === "adaptive") return { kind: "effort", effort: effort ?? "high", isShown };
  if (thinking.type !== "enabled" && thinking.type !== "disabled") {
    throw new NotCarried("thinking.type", "Only thinking of type enabled, adaptive and disabled can be translated.");
  }
  if (effort !== null) {
    throw new NotCarried(
      "output_config.effort",
      "An effort can be translated only where 'thinking' is adaptive or absent.",
    );
  }
  if (thinking.type === "disabled") return { kind: "off" };
  const budgetTokens = optionalCount(thinking.budget_tokens, "thinking.budget_tokens", 1);
  if (budgetTokens !== null) return { kind: "budget", budgetTokens, isShown };
  throw new NotCarried("thinking.budget_tokens", "'thinking.budget_tokens' must be a whole number.", true);
}

function readExtras(body: JsonObject, metadata: JsonObject | null): ReadonlyMap<string, unknown> {
  const extras = new Map<string, unknown>();
  for (const [name, value] of Object.entries(body)) if (!KNOWN.has(name) && value !== null) extras.set(name, value);
  for (const [name, value] of Object.entries(metadata ?? {})) {
    if (name !== "user_id" && value !== null) extras.set(`metadata.${name}`, value);
  }
  return extras;
}

/** Reads the body of `POST /v1/messages`. Throws `NotCarried`. */
export function readAnthropicRequest({ body, stream }: { body: JsonObject; stream: boolean }): GenerationRequest {
  const output = optionalObject(body.output_config, "output_config");
  if (output !== null) refuseUnknown(output, new Set(["effort", "format"]), "output_config");
  const metadata = optionalObject(body.metadata, "metadata");
  return {
    ...readMessages(body),
    tools: readTools(body.tools),
    ...readToolChoice(body.tool_choice),
    format: readFormat(output, body),
    maxOutputTokens: optionalCount(body.max_tokens, "max_tokens", 1),
    temperature: optionalNumber(body.temperature, "temperature"),
    topP: optionalNumber(body.top_p, "top_p"),
    topK: optionalCount(body.top_k, "top_k", 0),
    presencePenalty: null,
    frequencyPenalty: null,
    seed: null,
    stop: optionalTexts(body.stop_sequences, "stop_sequences"),
    reasoning: readReasoning(body, readEffort(output)),
    candidates: 1,
    user: optionalText(metadata?.user_id, "metadata.user_id"),
    stream,
    extras: readExtras(body, metadata),
  };
}
