import { InvalidRequest, optionalCount } from "../handler.ts";
import { isObject, type Json, type JsonObject, listOr, objectOr, parseJson, stringOr } from "../json.ts";
import { contentText, OUTPUT_TOKENS_CEILING, readStop } from "../openai/chat-prompt.ts";
import type { OfferedTool, Prompt, ToolChoice } from "../prompt.ts";
import { contentTokens, jsonTokens, MESSAGE_OVERHEAD_TOKENS } from "../tokens.ts";

function readTools(config: JsonObject): OfferedTool[] {
  return listOr(config.tools).flatMap((tool) => {
    const { name, inputSchema } = objectOr(objectOr(tool).toolSpec);
    return typeof name === "string" ? [{ name, parameters: objectOr(objectOr(inputSchema).json) }] : [];
  });
}

function readToolChoice(choice: JsonObject): ToolChoice {
  if (isObject(choice.tool)) return { mode: "named", name: stringOr(choice.tool.name, "") };
  return { mode: isObject(choice.any) ? "any" : "auto" };
}

function toolResultsOf(content: Json | undefined): string[] {
  return listOr(content).flatMap((block) => {
    const { toolResult } = objectOr(block);
    return isObject(toolResult) ? [contentText(toolResult.content)] : [];
  });
}

function readMessages(body: JsonObject): Pick<Prompt, "question" | "toolResults" | "inputTokens"> {
  if (!Array.isArray(body.messages) || body.messages.length === 0) {
    throw new InvalidRequest("A conversation must start with a user message.");
  }
  let question = "";
  let toolResults: string[] = [];
  let inputTokens = contentTokens(body.system) + jsonTokens(objectOr(body.toolConfig).tools);
  let before: Json | undefined;
  for (const message of body.messages) {
    if (!isObject(message) || !Array.isArray(message.content)) throw new InvalidRequest("A message has no content.");
    if (message.role === before) throw new InvalidRequest("Roles must alternate between user and assistant.");
    before = message.role;
    inputTokens += MESSAGE_OVERHEAD_TOKENS + contentTokens(message.content);
    toolResults = toolResultsOf(message.content);
    if (message.role === "user" && toolResults.length === 0) question = contentText(message.content);
  }
  return { question, toolResults, inputTokens };
}

/** The schema of structured output, which stands as text; an unreadable one asks for any object. */
function readSchema(body: JsonObject): JsonObject | undefined {
  const { structure } = objectOr(objectOr(body.outputConfig).textFormat);
  const { schema } = objectOr(objectOr(structure).jsonSchema);
  return typeof schema === "string" ? objectOr(parseJson(schema)) : undefined;
}

/** Reads a Converse request; throws `InvalidRequest`. */
export function readBedrockPrompt(body: JsonObject): Prompt {
  const inference = objectOr(body.inferenceConfig);
  const tools = objectOr(body.toolConfig);
  return {
    ...readMessages(body),
    tools: readTools(tools),
    toolChoice: readToolChoice(objectOr(tools.toolChoice)),
    isParallelToolUse: true,
    jsonSchema: readSchema(body),
    outputTokensMax: optionalCount(inference, "maxTokens", 1, OUTPUT_TOKENS_CEILING) ?? Number.POSITIVE_INFINITY,
    stopSequences: readStop(inference.stopSequences),
    choiceCount: 1,
  };
}
