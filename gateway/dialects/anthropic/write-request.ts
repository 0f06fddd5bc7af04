import { cannotCarry, carryNoExtras, carryNone, carryOneCandidate } from "../carry.ts";
import { claudeTraits } from "../claude-traits.ts";
import type { RequestFacts } from "../dialect.ts";
import type { GenerationRequest, Reasoning, ToolDefinition } from "../generation.ts";
import type { JsonObject } from "../json-fields.ts";
import { budgetTokens, effortWord } from "../reasoning-budgets.ts";
import { writeAnthropicMessages, writeAnthropicSystem } from "./write-content.ts";

/** The least budget that the API takes. */
const BUDGET_TOKENS_MIN = 1_024;
const TEMPERATURE_MAX = 1;

function writeTool(tool: ToolDefinition): JsonObject {
  return {
    name: tool.name,
    ...(tool.description === null ? {} : { description: tool.description }),
    input_schema: { type: "object", ...tool.parameters },
    ...(tool.strict === true ? { strict: true } : {}),
    ...(tool.isCachePoint === true ? { cache_control: { type: "ephemeral" } } : {}),
  };
}

function writeToolChoice({ toolChoice, parallelToolCalls }: GenerationRequest): JsonObject | null {
  const single = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  switch (toolChoice?.kind) {
    case undefined:
      return parallelToolCalls === false ? { type: "auto", ...single } : null;
    case "none":
      return { type: "none" };
    case "auto":
      return { type: "auto", ...single };
    case "required":
      return { type: "any", ...single };
    case "tool":
      return { type: "tool", name: toolChoice.name, ...single };
  }
}

function writeTools(request: GenerationRequest): JsonObject {
  if (request.tools.length === 0) return {};
  const choice = writeToolChoice(request);
  return { tools: request.tools.map(writeTool), ...(choice === null ? {} : { tool_choice: choice }) };
}

interface Thinking {
  readonly thinking?: JsonObject;
  readonly effort?: string;
}

function thinkByBudget(
  reasoning: Exclude<Reasoning, { kind: "off" }>,
  outputTokens: number,
  facts: RequestFacts,
): Thinking {
  const budget = Math.min(budgetTokens(reasoning), outputTokens - 1);
  if (budget >= BUDGET_TOKENS_MIN) return { thinking: { type: "enabled", budget_tokens: budget } };
  cannotCarry(
    facts,
    "reasoning",
    `The target model thinks with ${BUDGET_TOKENS_MIN} tokens at least, below the answer's limit.`,
  );
  return {};
}

/** The API's words begin with `low`. Reasoning nobody asked to see is not sent, only its signature. */
function thinkByEffort(reasoning: Exclude<Reasoning, { kind: "off" }>): Thinking {
  const effort = effortWord(reasoning);
  const display = reasoning.isShown ? "summarized" : "omitted";
  return { thinking: { type: "adaptive", display }, effort: effort === "minimal" ? "low" : effort };
}

function writeThinking(request: GenerationRequest, outputTokens: number, facts: RequestFacts): Thinking {
  const { reasoning } = request;
  const { thinks } = claudeTraits(facts.model);
  if (reasoning === null) return {};
  if (reasoning.kind === "off") return thinks === "never" ? {} : { thinking: { type: "disabled" } };
  if (thinks === "by_effort") return thinkByEffort(reasoning);
  if (thinks === "by_budget") return thinkByBudget(reasoning, outputTokens, facts);
  cannotCarry(facts, "reasoning", "The target model does not think.");
  return {};
}

/** Structured output is `output_config.format`: its schema is always enforced, and it has no name. */
function writeFormat(request: GenerationRequest, facts: RequestFacts): JsonObject | null {
  const { format } = request;
  if (format.kind === "text") return null;
  if (format.kind === "json") {
    cannotCarry(facts, "format", "The target model's API gives JSON only by a schema.");
    return null;
  }
  const description = format.description === null ? {} : { description: format.description };
  return { type: "json_schema", schema: { ...description, ...format.schema } };
}

function writeOutputConfig(effort: string | undefined, format: JsonObject | null): JsonObject {
  if (effort === undefined && format === null) return {};
  return { output_config: { ...(effort === undefined ? {} : { effort }), ...(format === null ? {} : { format }) } };
}

function writeSampling(request: GenerationRequest, facts: RequestFacts): JsonObject {
  const { temperature, topP, topK, stop } = request;
  const isTooHot = temperature !== null && temperature > TEMPERATURE_MAX;
  if (isTooHot)
    cannotCarry(facts, "temperature", `The target model's API takes temperatures up to ${TEMPERATURE_MAX}.`);
  return {
    ...(temperature === null || isTooHot ? {} : { temperature }),
    ...(topP === null ? {} : { top_p: topP }),
    ...(topK === null ? {} : { top_k: topK }),
    ...(stop.length === 0 ? {} : { stop_sequences: stop }),
  };
}

/** Writes the body of `POST /v1/messages`. Throws `NotCarried`. */
export function writeAnthropicRequest({
  request,
  facts,
}: {
  request: GenerationRequest;
  facts: RequestFacts;
}): JsonObject {
  carryOneCandidate(facts, request);
  carryNone(facts, request, ["presencePenalty", "frequencyPenalty", "seed"]);
  carryNoExtras(facts, request);
  const outputTokens = request.maxOutputTokens ?? claudeTraits(facts.model).outputTokensDefault;
  const { thinking, effort } = writeThinking(request, outputTokens, facts);
  return {
    model: facts.model,
    max_tokens: outputTokens,
    ...writeAnthropicSystem(request.system),
    messages: writeAnthropicMessages(request, facts),
    ...writeTools(request),
    ...writeSampling(request, facts),
    ...(thinking === undefined ? {} : { thinking }),
    ...writeOutputConfig(effort, writeFormat(request, facts)),
    ...(request.user === null ? {} : { metadata: { user_id: request.user } }),
    ...(request.stream ? { stream: true } : {}),
  };
}
