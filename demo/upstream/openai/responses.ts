import { generate } from "../generate.ts";
import { type Handler, InvalidRequest, optionalCount } from "../handler.ts";
import { isObject, type Json, type JsonObject, listOr, objectOr } from "../json.ts";
import { applyEffect, type Prompt } from "../prompt.ts";
import { encodeStream } from "../stream-pieces.ts";
import { jsonTokens, MESSAGE_OVERHEAD_TOKENS, textTokens } from "../tokens.ts";
import { OUTPUT_TOKENS_CEILING, readJsonSchema, readMessages, readToolChoice } from "./chat-prompt.ts";
import { responseObject } from "./responses-object.ts";
import { responsesEncoder } from "./responses-stream.ts";

function readInput(body: JsonObject): Pick<Prompt, "question" | "toolResults" | "inputTokens"> {
  const { input } = body;
  if (typeof input === "string") {
    return { question: input, toolResults: [], inputTokens: MESSAGE_OVERHEAD_TOKENS + textTokens(input) };
  }
  if (!Array.isArray(input) || input.length === 0) {
    throw new InvalidRequest("Missing required parameter: 'input'.", "missing_required_parameter");
  }
  return readMessages(input.map(asMessage), "tool");
}

/** Brings an input item to the shape of a chat message. */
function asMessage(item: Json): Json {
  if (!isObject(item)) return item;
  if (item.type === "function_call_output") return { role: "tool", content: item.output ?? "" };
  if (item.type !== "function_call") return item;
  return { role: "assistant", content: null, tool_calls: [item.name ?? "", item.arguments ?? ""] };
}

function readPrompt(body: JsonObject): Prompt {
  const read = readInput(body);
  const tools = listOr(body.tools).flatMap((tool) => {
    const { type, name, parameters } = objectOr(tool);
    return type === "function" && typeof name === "string" ? [{ name, parameters: objectOr(parameters) }] : [];
  });
  return {
    question: read.question,
    toolResults: read.toolResults,
    inputTokens: read.inputTokens + jsonTokens(body.instructions) + jsonTokens(body.tools),
    tools,
    toolChoice: readToolChoice(body.tool_choice),
    isParallelToolUse: body.parallel_tool_calls !== false,
    jsonSchema: readJsonSchema(objectOr(objectOr(body.text).format)),
    outputTokensMax: optionalCount(body, "max_output_tokens", 1, OUTPUT_TOKENS_CEILING) ?? Number.POSITIVE_INFINITY,
    stopSequences: [],
    choiceCount: 1,
  };
}

/** POST /v1/responses. Nothing is stored: `previous_response_id` is refused. */
export const responses: Handler = (exchange, body) => {
  if (typeof body.json.previous_response_id === "string") {
    throw new InvalidRequest(
      "Previous response not found: the demo upstream stores none.",
      "previous_response_not_found",
    );
  }
  const generation = generate(applyEffect(readPrompt(body.json), exchange.effect));
  exchange.chargeInput(generation.inputTokens);
  const status = generation.choices[0]?.finish.reason === "length" ? "incomplete" : "completed";
  if (!exchange.entry.stream) {
    return exchange.answer(responseObject(exchange, body.json, status, generation), generation);
  }
  const encoder = responsesEncoder(exchange, body.json, status, generation);
  const pieces = encodeStream(generation, exchange.effect.neverEnd === true, encoder);
  return exchange.stream("text/event-stream; charset=utf-8", pieces);
};
