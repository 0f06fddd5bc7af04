import { InvalidRequest, optionalCount } from "../handler.ts";
import { isObject, type JsonObject, listOr, objectOr } from "../json.ts";
import { contentText, OUTPUT_TOKENS_CEILING, readStop } from "../openai/chat-prompt.ts";
import type { OfferedTool, Prompt, ToolChoice } from "../prompt.ts";
import { contentTokens, jsonTokens, MESSAGE_OVERHEAD_TOKENS } from "../tokens.ts";

const CANDIDATES_MAX = 8;

function readTools(body: JsonObject): OfferedTool[] {
  const declarations = listOr(body.tools).flatMap((tool) => listOr(objectOr(tool).functionDeclarations));
  return declarations.flatMap((declaration) => {
    const { name, parameters, parametersJsonSchema } = objectOr(declaration);
    return typeof name === "string" ? [{ name, parameters: objectOr(parametersJsonSchema ?? parameters) }] : [];
  });
}

function readToolChoice(body: JsonObject): ToolChoice {
  const { mode, allowedFunctionNames } = objectOr(objectOr(body.toolConfig).functionCallingConfig);
  const [name, ...others] = listOr(allowedFunctionNames);
  if (mode === "ANY" && typeof name === "string" && others.length === 0) return { mode: "named", name };
  if (mode === "ANY") return { mode: "any" };
  return { mode: mode === "NONE" ? "none" : "auto" };
}

function readContents(body: JsonObject): Pick<Prompt, "question" | "toolResults" | "inputTokens"> {
  if (!Array.isArray(body.contents) || body.contents.length === 0)
    throw new InvalidRequest("contents is not specified");
  let question = "";
  let toolResults: string[] = [];
  let inputTokens = contentTokens(objectOr(body.systemInstruction).parts) + jsonTokens(body.tools);
  for (const content of body.contents) {
    if (!isObject(content)) throw new InvalidRequest("contents: every content must be an object");
    inputTokens += MESSAGE_OVERHEAD_TOKENS + contentTokens(content.parts);
    toolResults = listOr(content.parts).flatMap((part) => {
      const { functionResponse } = objectOr(part);
      return isObject(functionResponse) ? [JSON.stringify(functionResponse.response ?? {})] : [];
    });
    if (content.role !== "model" && toolResults.length === 0) question = contentText(content.parts);
  }
  return { question, toolResults, inputTokens };
}

/** Reads a generateContent request; throws `InvalidRequest`. */
export function readGeminiPrompt(body: JsonObject): Prompt {
  const generation = objectOr(body.generationConfig);
  const isJson = generation.responseMimeType === "application/json";
  return {
    ...readContents(body),
    tools: readTools(body),
    toolChoice: readToolChoice(body),
    isParallelToolUse: true,
    jsonSchema: isJson ? objectOr(generation.responseJsonSchema ?? generation.responseSchema) : undefined,
    outputTokensMax: optionalCount(generation, "maxOutputTokens", 1, OUTPUT_TOKENS_CEILING) ?? Number.POSITIVE_INFINITY,
    stopSequences: readStop(generation.stopSequences),
    choiceCount: optionalCount(generation, "candidateCount", 1, CANDIDATES_MAX) ?? 1,
  };
}
