import { InvalidRequest, optionalCount } from "../handler.ts";
import { isObject, type Json, type JsonObject, listOr, objectOr, stringOr } from "../json.ts";
import { contentText, OUTPUT_TOKENS_CEILING, readJsonSchema, readStop } from "../openai/chat-prompt.ts";
import type { Prompt, ToolChoice } from "../prompt.ts";
import { contentTokens, jsonTokens, MESSAGE_OVERHEAD_TOKENS } from "../tokens.ts";

function readToolChoice(choice: JsonObject): ToolChoice {
  if (choice.type === "tool") return { mode: "named", name: stringOr(choice.name, "") };
  if (choice.type === "any") return { mode: "any" };
  return { mode: choice.type === "none" ? "none" : "auto" };
}

function toolResultsOf(content: Json | undefined): string[] {
  const results: string[] = [];
  for (const block of listOr(content)) {
    if (isObject(block) && block.type === "tool_result") results.push(contentText(block.content));
  }
  return results;
}

function readMessages(body: JsonObject): Pick<Prompt, "question" | "toolResults" | "inputTokens"> {
  if (!Array.isArray(body.messages) || body.messages.length === 0) throw new InvalidRequest("messages: Field required");
  let question = "";
  let toolResults: string[] = [];
  let inputTokens = contentTokens(body.system) + jsonTokens(body.tools);
  for (const message of body.messages) {
    if (!isObject(message)) throw new InvalidRequest("messages: every message must be an object");
    inputTokens += MESSAGE_OVERHEAD_TOKENS + contentTokens(message.content);
    toolResults = toolResultsOf(message.content);
    if (message.role === "user" && toolResults.length === 0) question = contentText(message.content);
  }
  return { question, toolResults, inputTokens };
}

/** Reads a Messages request; `max_tokens` is required unless only counting. Throws `InvalidRequest`. */
export function readAnthropicPrompt(body: JsonObject, isCounting = false): Prompt {
  const limit = optionalCount(body, "max_tokens", 1, OUTPUT_TOKENS_CEILING);
  if (limit === undefined && !isCounting) throw new InvalidRequest("max_tokens: Field required");
  const choice = objectOr(body.tool_choice);
  return {
    ...readMessages(body),
    tools: listOr(body.tools).flatMap((tool) => {
      const { name, input_schema } = objectOr(tool);
      return typeof name === "string" ? [{ name, parameters: objectOr(input_schema) }] : [];
    }),
    toolChoice: readToolChoice(choice),
    isParallelToolUse: choice.disable_parallel_tool_use !== true,
    jsonSchema: readJsonSchema(objectOr(objectOr(body.output_config).format)),
    outputTokensMax: limit ?? Number.POSITIVE_INFINITY,
    stopSequences: readStop(body.stop_sequences),
    choiceCount: 1,
  };
}
