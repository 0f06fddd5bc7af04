import { cannotCarry, carryNoExtras, carryNone, carryOneCandidate } from "../carry.ts";
import { claudeTraits } from "../claude-traits.ts";
import type { RequestFacts } from "../dialect.ts";
import type { GenerationRequest } from "../generation.ts";
import type { JsonObject } from "../json-fields.ts";
import { budgetTokens, effortWord } from "../reasoning-budgets.ts";
import { writeBedrockMessages, writeBedrockSystem, writeBedrockTools } from "./write-content.ts";

/** The least budget that Claude takes. */
const BUDGET_TOKENS_MIN = 1_024;

function hasCalls(request: GenerationRequest): boolean {
  return request.messages.some(({ parts }) => parts.some(({ kind }) => kind === "tool_call" || kind === "tool_result"));
}

function writeChoice({ toolChoice }: GenerationRequest): JsonObject {
  switch (toolChoice?.kind) {
    case "auto":
      return { toolChoice: { auto: {} } };
    case "required":
      return { toolChoice: { any: {} } };
    case "tool":
      return { toolChoice: { tool: { name: toolChoice.name } } };
    default:
      return {};
  }
}

/**
 * There is no choice `none`: no tools are sent then, which is the same, unless the conversation has calls in it, for which
 * the API wants their tools.
 */
function writeTools(request: GenerationRequest, facts: RequestFacts): JsonObject {
  if (request.tools.length === 0) return {};
  if (request.toolChoice?.kind === "none") {
    if (!hasCalls(request)) return {};
    cannotCarry(
      facts,
      "toolChoice",
      "The target model's API cannot forbid tools in a conversation that has used them.",
    );
  }
  if (request.parallelToolCalls === false) {
    cannotCarry(facts, "parallelToolCalls", "The target model's API cannot keep a model from calling tools at once.");
  }
  return { toolConfig: { tools: writeBedrockTools(request.tools), ...writeChoice(request) } };
}

function writeInference(request: GenerationRequest): JsonObject {
  const { maxOutputTokens, temperature, topP, stop } = request;
  const inferenceConfig = {
    ...(maxOutputTokens === null ? {} : { maxTokens: maxOutputTokens }),
    ...(temperature === null ? {} : { temperature }),
    ...(topP === null ? {} : { topP }),
    ...(stop.length === 0 ? {} : { stopSequences: stop }),
  };
  return Object.keys(inferenceConfig).length === 0 ? {} : { inferenceConfig };
}

/** What is the model's own and not the API's: these are Claude's fields, other families have theirs. */
interface ModelFields {
  readonly fields: JsonObject;
  readonly effort?: string;
}

function writeThinking(request: GenerationRequest, facts: RequestFacts): ModelFields {
  const { reasoning } = request;
  const { thinks } = claudeTraits(facts.model);
  if (reasoning === null || (reasoning.kind === "off" && thinks === "never")) return { fields: {} };
  if (reasoning.kind === "off") return { fields: { thinking: { type: "disabled" } } };
  if (thinks === "by_effort") {
    const effort = effortWord(reasoning);
    const display = reasoning.isShown ? "summarized" : "omitted";
    return { fields: { thinking: { type: "adaptive", display } }, effort: effort === "minimal" ? "low" : effort };
  }
  const budget = Math.min(budgetTokens(reasoning), (request.maxOutputTokens ?? Number.POSITIVE_INFINITY) - 1);
  if (thinks === "by_budget" && budget >= BUDGET_TOKENS_MIN) {
    return { fields: { thinking: { type: "enabled", budget_tokens: budget } } };
  }
  cannotCarry(facts, "reasoning", "The target model cannot think so little, or not at all.");
  return { fields: {} };
}

function writeModelFields(request: GenerationRequest, facts: RequestFacts): ModelFields {
  if (facts.model.includes("claude")) {
    const { fields, effort } = writeThinking(request, facts);
    const topK = request.topK === null ? {} : { top_k: request.topK };
    return { fields: { ...fields, ...topK }, ...(effort === undefined ? {} : { effort }) };
  }
  carryNone(facts, request, ["topK"]);
  if (request.reasoning !== null && request.reasoning.kind !== "off") {
    cannotCarry(
      facts,
      "reasoning",
      "Thinking is carried to Claude only: other models of Bedrock have no common word for it.",
    );
  }
  return { fields: {} };
}

/** Structured output is `outputConfig.textFormat`, whose schema is a text. */
function writeTextFormat({ format }: GenerationRequest, facts: RequestFacts): JsonObject {
  if (format.kind === "text") return {};
  if (format.kind === "json") {
    cannotCarry(facts, "format", "The target model's API gives JSON only by a schema.");
    return {};
  }
  const description = format.description === null ? {} : { description: format.description };
  const jsonSchema = { schema: JSON.stringify(format.schema), name: format.name, ...description };
  return { textFormat: { type: "json_schema", structure: { jsonSchema } } };
}

/**
 * Writes the body of Converse and ConverseStream; the model and whether it streams stand in the path. The name of the
 * caller's end user has no place; that it is left out is noted. Throws `NotCarried`.
 */
export function writeBedrockRequest({
  request,
  facts,
}: {
  request: GenerationRequest;
  facts: RequestFacts;
}): JsonObject {
  carryOneCandidate(facts, request);
  carryNone(facts, request, ["presencePenalty", "frequencyPenalty", "seed"]);
  carryNoExtras(facts, request);
  if (request.user !== null) facts.onDropped("user");
  const { fields, effort } = writeModelFields(request, facts);
  const outputConfig = { ...writeTextFormat(request, facts), ...(effort === undefined ? {} : { effort }) };
  return {
    ...writeBedrockSystem(request.system),
    messages: writeBedrockMessages(request, facts),
    ...writeInference(request),
    ...writeTools(request, facts),
    ...(Object.keys(fields).length === 0 ? {} : { additionalModelRequestFields: fields }),
    ...(Object.keys(outputConfig).length === 0 ? {} : { outputConfig }),
  };
}
