import { InvalidRequest, optionalCount } from "../handler.ts";
import { isObject, type Json, type JsonObject, listOr, objectOr, stringOr } from "../json.ts";
import type { OfferedTool, Prompt, ToolChoice } from "../prompt.ts";
import { contentTokens, jsonTokens, MESSAGE_OVERHEAD_TOKENS } from "../tokens.ts";

/** The largest output limit accepted, as at real providers a 32-bit number. */
export const OUTPUT_TOKENS_CEILING = 2_147_483_647;
const CHOICES_MAX = 128;

/** All text of a message's content: the string, or its text parts in a row. */
export function contentText(content: Json | undefined): string {
  if (typeof content === "string") return content;
  const texts: string[] = [];
  for (const part of listOr(content)) {
    if (isObject(part) && typeof part.text === "string") texts.push(part.text);
  }
  return texts.join(" ");
}

/** The question, the trailing tool results and the token count of a list of `{role, content, tool_calls}` messages. */
export function readMessages(
  messages: Json[],
  toolRole: string,
): Pick<Prompt, "question" | "toolResults" | "inputTokens"> {
  let question = "";
  let toolResults: string[] = [];
  let inputTokens = 0;
  for (const message of messages) {
    if (!isObject(message)) throw new InvalidRequest("Invalid 'messages': every message must be an object.");
    inputTokens += MESSAGE_OVERHEAD_TOKENS + contentTokens(message.content) + jsonTokens(message.tool_calls);
    if (message.role === toolRole) toolResults.push(contentText(message.content));
    else toolResults = [];
    if (message.role === "user") question = contentText(message.content);
  }
  return { question, toolResults, inputTokens };
}

function readTools(body: JsonObject): OfferedTool[] {
  const tools: OfferedTool[] = [];
  for (const tool of listOr(body.tools)) {
    const definition = objectOr(objectOr(tool).function);
    if (typeof definition.name === "string") {
      tools.push({ name: definition.name, parameters: objectOr(definition.parameters) });
    }
  }
  return tools;
}

/** Reads `tool_choice` in the form of chat completions and of responses. */
export function readToolChoice(choice: Json | undefined): ToolChoice {
  if (choice === "none") return { mode: "none" };
  if (choice === "required") return { mode: "any" };
  if (!isObject(choice)) return { mode: "auto" };
  return { mode: "named", name: stringOr(objectOr(choice.function).name, stringOr(choice.name, "")) };
}

/** The schema asked for by a `response_format` (chat) or `text.format` (responses) object. */
export function readJsonSchema(format: JsonObject): JsonObject | undefined {
  if (format.type === "json_object") return {};
  if (format.type !== "json_schema") return undefined;
  return objectOr(format.schema ?? objectOr(format.json_schema).schema);
}

/** `stop` as a list. */
export function readStop(stop: Json | undefined): string[] {
  if (typeof stop === "string") return [stop];
  return listOr(stop).filter((item) => typeof item === "string");
}

/** Reads a chat completion request; throws `InvalidRequest`. */
export function readChatPrompt(body: JsonObject): Prompt {
  if (!Array.isArray(body.messages) || body.messages.length === 0) {
    throw new InvalidRequest("Missing required parameter: 'messages'.", "missing_required_parameter");
  }
  const read = readMessages(body.messages, "tool");
  const limit =
    optionalCount(body, "max_completion_tokens", 1, OUTPUT_TOKENS_CEILING) ??
    optionalCount(body, "max_tokens", 1, OUTPUT_TOKENS_CEILING);
  return {
    question: read.question,
    toolResults: read.toolResults,
    inputTokens: read.inputTokens + jsonTokens(body.tools),
    tools: readTools(body),
    toolChoice: readToolChoice(body.tool_choice),
    isParallelToolUse: body.parallel_tool_calls !== false,
    jsonSchema: readJsonSchema(objectOr(body.response_format)),
    outputTokensMax: limit ?? Number.POSITIVE_INFINITY,
    stopSequences: readStop(body.stop),
    choiceCount: optionalCount(body, "n", 1, CHOICES_MAX) ?? 1,
  };
}
