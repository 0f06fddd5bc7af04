import { cannotCarry, carryNoExtras } from "../carry.ts";
import type { RequestFacts } from "../dialect.ts";
import type { GenerationRequest, Reasoning, ToolChoice, ToolDefinition } from "../generation.ts";
import type { JsonObject } from "../json-fields.ts";
import { budgetTokens, type EffortWord, effortWord } from "../reasoning-budgets.ts";
import { ContentWriter } from "./write-content.ts";

/** The generations that think by a budget; later ones do by a level. */
const THINKS_BY_BUDGET = /gemini-[12](?!\d)/;
/** The greatest budget that every such model takes. */
const BUDGET_TOKENS_MAX = 24_576;
const LEVELS: Readonly<Record<EffortWord, string>> = {
  minimal: "MINIMAL",
  low: "LOW",
  medium: "MEDIUM",
  high: "HIGH",
  xhigh: "HIGH",
};

function writeDeclaration({ name, description, parameters }: ToolDefinition): JsonObject {
  return {
    name,
    ...(description === null ? {} : { description }),
    ...(parameters === null ? {} : { parametersJsonSchema: parameters }),
  };
}

/** A strict tool asks for arguments that keep to their schema: beside text, that is the mode VALIDATED. */
function writeMode(choice: ToolChoice | null, isStrict: boolean): JsonObject | null {
  switch (choice?.kind) {
    case undefined:
      return isStrict ? { mode: "VALIDATED" } : null;
    case "auto":
      return { mode: isStrict ? "VALIDATED" : "AUTO" };
    case "none":
      return { mode: "NONE" };
    case "required":
      return { mode: "ANY" };
    case "tool":
      return { mode: "ANY", allowedFunctionNames: [choice.name] };
  }
}

function writeTools(request: GenerationRequest, facts: RequestFacts): JsonObject {
  const { tools, toolChoice, parallelToolCalls } = request;
  if (tools.length === 0) return {};
  if (parallelToolCalls === false) {
    cannotCarry(facts, "parallelToolCalls", "The target model's API cannot keep a model from calling tools at once.");
  }
  const mode = writeMode(
    toolChoice,
    tools.some((tool) => tool.strict === true),
  );
  return {
    tools: [{ functionDeclarations: tools.map(writeDeclaration) }],
    ...(mode === null ? {} : { toolConfig: { functionCallingConfig: mode } }),
  };
}

function writeThinking(reasoning: Reasoning, facts: RequestFacts): JsonObject {
  if (reasoning.kind === "off") return { thinkingBudget: 0 };
  const shown = reasoning.isShown ? { includeThoughts: true } : {};
  if (reasoning.kind === "budget") return { thinkingBudget: reasoning.budgetTokens, ...shown };
  if (!THINKS_BY_BUDGET.test(facts.model)) return { thinkingLevel: LEVELS[effortWord(reasoning)], ...shown };
  return { thinkingBudget: Math.min(budgetTokens(reasoning), BUDGET_TOKENS_MAX), ...shown };
}

/** A schema's description is the one place for what the format is about; it has no name here. */
function writeFormat({ format }: GenerationRequest): JsonObject {
  if (format.kind === "text") return {};
  const responseMimeType = "application/json";
  if (format.kind === "json") return { responseMimeType };
  const description = format.description === null ? {} : { description: format.description };
  return { responseMimeType, responseJsonSchema: { ...description, ...format.schema } };
}

function writeGeneration(request: GenerationRequest, facts: RequestFacts): JsonObject {
  const { maxOutputTokens, candidates, stop, reasoning } = request;
  const generation: Record<string, unknown> = { ...writeFormat(request) };
  for (const name of ["temperature", "topP", "topK", "seed", "presencePenalty", "frequencyPenalty"] as const) {
    if (request[name] !== null) generation[name] = request[name];
  }
  if (maxOutputTokens !== null) generation.maxOutputTokens = maxOutputTokens;
  if (candidates > 1) generation.candidateCount = candidates;
  if (stop.length > 0) generation.stopSequences = stop;
  if (reasoning !== null) generation.thinkingConfig = writeThinking(reasoning, facts);
  return Object.keys(generation).length === 0 ? {} : { generationConfig: generation };
}

/**
 * Writes the body of `:generateContent` and `:streamGenerateContent`; the model and whether it streams stand in the path.
 * Marks for a prompt cache are left out: these models cache by themselves. So is the name of the caller's end user, for
 * which there is no place; that is noted. Throws `NotCarried`.
 */
export function writeGeminiRequest({
  request,
  facts,
}: {
  request: GenerationRequest;
  facts: RequestFacts;
}): JsonObject {
  carryNoExtras(facts, request);
  if (request.user !== null) facts.onDropped("user");
  const system = request.system.filter(({ text }) => text !== "").map(({ text }) => ({ text }));
  return {
    ...(system.length === 0 ? {} : { systemInstruction: { parts: system } }),
    contents: new ContentWriter(facts).write(request.messages),
    ...writeTools(request, facts),
    ...writeGeneration(request, facts),
  };
}
