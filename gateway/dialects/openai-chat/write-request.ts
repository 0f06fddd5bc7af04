import { cannotCarry } from "../carry.ts";
import type { DialectName, RequestFacts } from "../dialect.ts";
import type { AnswerFormat, GenerationRequest, NotCarried, ToolChoice, ToolDefinition } from "../generation.ts";
import { type JsonObject, orNotCarried } from "../json-fields.ts";
import { effortWord } from "../reasoning-budgets.ts";
import { writeMessages } from "./write-messages.ts";

/** Parameters of the Responses API, and of legacy completions, that chat has under the same or another name. */
const OTHER_NAMES: Readonly<Partial<Record<DialectName, ReadonlyMap<string, string>>>> = {
  openai_responses: new Map([
    ["metadata", "metadata"],
    ["store", "store"],
    ["service_tier", "service_tier"],
    ["safety_identifier", "safety_identifier"],
    ["prompt_cache_key", "prompt_cache_key"],
    ["prompt_cache_retention", "prompt_cache_retention"],
    ["text.verbosity", "verbosity"],
  ]),
  openai_completions: new Map([["logit_bias", "logit_bias"]]),
};

/** The parameter's name in this dialect; null where it has none. */
function nameOfExtra(param: string, from: DialectName): string | null {
  // What chat callers sent beyond the common parameters is this dialect's own, but for what stands inside of messages.
  if (from === "openai_chat") return param.includes("[") ? null : param;
  return OTHER_NAMES[from]?.get(param) ?? null;
}

function extrasOf(request: GenerationRequest, facts: RequestFacts): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const [param, value] of request.extras) {
    const name = nameOfExtra(param, facts.from);
    if (name === null) cannotCarry(facts, param, "The target model's API has no such parameter.");
    else written[name] = value;
  }
  return written;
}

function writeTool({ name, description, parameters, strict }: ToolDefinition): JsonObject {
  const called = {
    name,
    ...(description === null ? {} : { description }),
    ...(parameters === null ? {} : { parameters }),
    ...(strict === null ? {} : { strict }),
  };
  return { type: "function", function: called };
}

function writeToolChoice(choice: ToolChoice): unknown {
  return choice.kind === "tool" ? { type: "function", function: { name: choice.name } } : choice.kind;
}

function writeFormat(format: Exclude<AnswerFormat, { kind: "text" }>): JsonObject {
  if (format.kind === "json") return { type: "json_object" };
  const { name, description, schema, strict } = format;
  const wanted = {
    name,
    ...(description === null ? {} : { description }),
    schema,
    ...(strict === null ? {} : { strict }),
  };
  return { type: "json_schema", json_schema: wanted };
}

function setNumbers(written: Record<string, unknown>, request: GenerationRequest): void {
  const numbers = {
    max_completion_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    seed: request.seed,
  };
  for (const [name, value] of Object.entries(numbers)) if (value !== null) written[name] = value;
}

interface Work {
  readonly request: GenerationRequest;
  readonly facts: RequestFacts;
}

function write({ request, facts }: Work): JsonObject {
  const written: Record<string, unknown> = {
    model: facts.model,
    messages: writeMessages(request),
    ...extrasOf(request, facts),
  };
  setNumbers(written, request);
  if (request.topK !== null) {
    if (facts.from === "openai_chat") written.top_k = request.topK;
    else cannotCarry(facts, "topK", "The target model's API has no such parameter.");
  }
  if (request.stop.length > 0) written.stop = request.stop;
  if (request.tools.length > 0) written.tools = request.tools.map(writeTool);
  if (request.toolChoice !== null && request.tools.length > 0)
    written.tool_choice = writeToolChoice(request.toolChoice);
  if (request.parallelToolCalls !== null && request.tools.length > 0) {
    written.parallel_tool_calls = request.parallelToolCalls;
  }
  if (request.format.kind !== "text") written.response_format = writeFormat(request.format);
  if (request.reasoning !== null) {
    written.reasoning_effort = request.reasoning.kind === "off" ? "none" : effortWord(request.reasoning);
  }
  if (request.candidates > 1) written.n = request.candidates;
  if (request.user !== null) written.user = request.user;
  if (request.stream) {
    written.stream = true;
    written.stream_options = { include_usage: true };
  }
  return written;
}

/** Writes a request of `/v1/chat/completions` as OpenAI takes it: in what vendors differ is the providers' matter. */
export function writeRequest(request: GenerationRequest, facts: RequestFacts): JsonObject | NotCarried {
  return orNotCarried(write, { request, facts });
}
