import {
  type AnswerFormat,
  type GenerationRequest,
  NotCarried,
  type Reasoning,
  type TextPart,
  type ToolChoice,
  type ToolDefinition,
} from "../generation.ts";
import {
  asList,
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
import { asEnvelope, optionalEnvelope } from "./envelope.ts";
import { joinTurns } from "./join-turns.ts";
import { ContentReader } from "./read-content.ts";
import { readObjectSchema } from "./schema.ts";

/** What this reader takes of the body and of `generationConfig`; every other parameter goes into `extras`. */
const KNOWN = new Set(["model", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig"]);
const KNOWN_GENERATION = new Set([
  "maxOutputTokens",
  "temperature",
  "topP",
  "topK",
  "candidateCount",
  "stopSequences",
  "seed",
  "presencePenalty",
  "frequencyPenalty",
  "responseMimeType",
  "responseSchema",
  "responseJsonSchema",
  "thinkingConfig",
]);
const DECLARATION_FIELDS = new Set(["name", "description", "parameters", "parametersJsonSchema"]);
const CALLING_FIELDS = new Set(["mode", "allowedFunctionNames"]);
const THINKING_FIELDS = new Set(["includeThoughts", "thinkingBudget", "thinkingLevel"]);
const LEVELS: ReadonlyMap<unknown, EffortWord> = new Map([
  ["MINIMAL", "minimal"],
  ["LOW", "low"],
  ["MEDIUM", "medium"],
  ["HIGH", "high"],
]);
const CALLING = "toolConfig.functionCallingConfig";
const THINKING = "generationConfig.thinkingConfig";

function readSystem(value: unknown): TextPart[] {
  if (typeof value === "string") return [{ kind: "text", text: value }];
  const content = optionalEnvelope(value, "systemInstruction");
  if (content === null) return [];
  return asList(content.parts ?? [], "systemInstruction.parts").map((item, index) => {
    const param = `systemInstruction.parts[${index}]`;
    const part = asEnvelope(item, param);
    refuseUnknown(part, new Set(["text"]), param);
    return { kind: "text", text: asText(part.text, `${param}.text`) };
  });
}

function readDeclaration(value: unknown, param: string): ToolDefinition {
  const declaration = asEnvelope(value, param);
  refuseUnknown(declaration, DECLARATION_FIELDS, param);
  const own = optionalObject(declaration.parameters, `${param}.parameters`);
  const schema = optionalObject(declaration.parametersJsonSchema, `${param}.parametersJsonSchema`);
  return {
    name: asText(declaration.name, `${param}.name`),
    description: optionalText(declaration.description, `${param}.description`),
    parameters: schema ?? (own === null ? null : readObjectSchema(own)),
    strict: null,
  };
}

function readTools(value: unknown): ToolDefinition[] {
  if (value === undefined || value === null) return [];
  return asList(value, "tools").flatMap((item, index) => {
    const param = `tools[${index}]`;
    const tool = asEnvelope(item, param);
    refuseUnknown(tool, new Set(["functionDeclarations"]), param);
    const declarations = `${param}.functionDeclarations`;
    return asList(tool.functionDeclarations ?? [], declarations).map((each, at) =>
      readDeclaration(each, `${declarations}[${at}]`),
    );
  });
}

/** A choice among several functions is carried only where it is a choice among all. */
function readAny(names: readonly string[], tools: readonly ToolDefinition[]): ToolChoice {
  const [name, ...others] = names;
  if (name !== undefined && others.length === 0) return { kind: "tool", name };
  if (name === undefined || tools.every((tool) => names.includes(tool.name))) return { kind: "required" };
  throw new NotCarried(`${CALLING}.allowedFunctionNames`, "A choice among several functions cannot be translated.");
}

function readToolChoice(value: unknown, tools: readonly ToolDefinition[]): ToolChoice | null {
  const toolConfig = optionalEnvelope(value, "toolConfig");
  if (toolConfig === null) return null;
  refuseUnknown(toolConfig, new Set(["functionCallingConfig"]), "toolConfig");
  const calling = optionalEnvelope(toolConfig.functionCallingConfig, CALLING);
  if (calling === null) return null;
  refuseUnknown(calling, CALLING_FIELDS, CALLING);
  const names = optionalTexts(calling.allowedFunctionNames, `${CALLING}.allowedFunctionNames`);
  switch (calling.mode ?? "MODE_UNSPECIFIED") {
    case "MODE_UNSPECIFIED":
      return null;
    case "AUTO":
      return { kind: "auto" };
    case "NONE":
      return { kind: "none" };
    case "ANY":
      return readAny(names, tools);
    default:
      throw new NotCarried(`${CALLING}.mode`, "Only the modes AUTO, ANY and NONE can be translated.");
  }
}

function readFormat(generation: JsonObject): AnswerFormat {
  const type = optionalText(generation.responseMimeType, "generationConfig.responseMimeType") ?? "text/plain";
  const own = optionalObject(generation.responseSchema, "generationConfig.responseSchema");
  const json = optionalObject(generation.responseJsonSchema, "generationConfig.responseJsonSchema");
  const schema = json ?? (own === null ? null : readObjectSchema(own));
  if (type === "text/plain" && schema === null) return { kind: "text" };
  if (type !== "application/json") {
    throw new NotCarried(
      "generationConfig.responseMimeType",
      "Only text/plain and application/json can be translated.",
    );
  }
  return schema === null
    ? { kind: "json" }
    : { kind: "schema", name: "answer", description: null, schema, strict: true };
}

/** Thoughts that are to be shown, without a word on how many, are taken for `medium`; a budget of -1 leaves it to the model. */
function readReasoning(value: unknown): Reasoning | null {
  const thinking = optionalEnvelope(value, THINKING);
  if (thinking === null) return null;
  refuseUnknown(thinking, THINKING_FIELDS, THINKING);
  const isShown = optionalFlag(thinking.includeThoughts, `${THINKING}.includeThoughts`) ?? false;
  const { thinkingLevel } = thinking;
  if (thinkingLevel !== undefined && thinkingLevel !== null && thinkingLevel !== "THINKING_LEVEL_UNSPECIFIED") {
    const effort = LEVELS.get(String(thinkingLevel).toUpperCase());
    if (effort !== undefined) return { kind: "effort", effort, isShown };
    throw new NotCarried(`${THINKING}.thinkingLevel`, "'thinkingLevel' must be MINIMAL, LOW, MEDIUM or HIGH.", true);
  }
  const budgetTokens = optionalCount(thinking.thinkingBudget, `${THINKING}.thinkingBudget`, -1);
  if (budgetTokens === 0) return { kind: "off" };
  if (budgetTokens !== null && budgetTokens > 0) return { kind: "budget", budgetTokens, isShown };
  return isShown ? { kind: "effort", effort: "medium", isShown } : null;
}

function readExtras(body: JsonObject, generation: JsonObject): ReadonlyMap<string, unknown> {
  const extras = new Map<string, unknown>();
  for (const [name, value] of Object.entries(body)) if (!KNOWN.has(name) && value !== null) extras.set(name, value);
  for (const [name, value] of Object.entries(generation)) {
    if (!KNOWN_GENERATION.has(name) && value !== null) extras.set(`generationConfig.${name}`, value);
  }
  return extras;
}

function readContents(value: unknown): GenerationRequest["messages"] {
  const reader = new ContentReader();
  const messages = asList(value, "contents").map((content, index) => reader.read(content, `contents[${index}]`));
  if (messages.length === 0) throw new NotCarried("contents", "'contents' must hold at least one content.", true);
  return joinTurns(messages);
}

/** Reads the body of `:generateContent` and `:streamGenerateContent`. Throws `NotCarried`. */
export function readGeminiRequest({ body: sent, stream }: { body: JsonObject; stream: boolean }): GenerationRequest {
  const body = asEnvelope(sent, "body");
  const generation = optionalEnvelope(body.generationConfig, "generationConfig") ?? {};
  const tools = readTools(body.tools);
  const number = (name: string) => optionalNumber(generation[name], `generationConfig.${name}`);
  const count = (name: string, min: number) => optionalCount(generation[name], `generationConfig.${name}`, min);
  return {
    system: readSystem(body.systemInstruction),
    messages: readContents(body.contents),
    tools,
    toolChoice: readToolChoice(body.toolConfig, tools),
    parallelToolCalls: null,
    format: readFormat(generation),
    maxOutputTokens: count("maxOutputTokens", 1),
    temperature: number("temperature"),
    topP: number("topP"),
    topK: count("topK", 1),
    presencePenalty: number("presencePenalty"),
    frequencyPenalty: number("frequencyPenalty"),
    seed: number("seed"),
    stop: optionalTexts(generation.stopSequences, "generationConfig.stopSequences"),
    reasoning: readReasoning(generation.thinkingConfig),
    candidates: count("candidateCount", 1) ?? 1,
    user: null,
    stream,
    extras: readExtras(body, generation),
  };
}
