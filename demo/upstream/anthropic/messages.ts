import type { Exchange } from "../exchange.ts";
import { type Choice, type Finish, type Generation, generate, type Piece } from "../generate.ts";
import type { Handler } from "../handler.ts";
import { type Json, type JsonObject, objectOr, parseJson } from "../json.ts";
import { applyEffect } from "../prompt.ts";
import { encodeStream } from "../stream-pieces.ts";
import { readAnthropicPrompt } from "./read-prompt.ts";

function stopReason(finish: Finish): string {
  switch (finish.reason) {
    case "stop":
      return "end_turn";
    case "length":
      return "max_tokens";
    case "tools":
      return "tool_use";
    case "stopSequence":
      return "stop_sequence";
  }
}

function stopFields(finish: Finish): JsonObject {
  const stop_sequence = finish.reason === "stopSequence" ? finish.sequence : null;
  return { stop_reason: stopReason(finish), stop_sequence };
}

/** Anthropic counts cached input apart: `input_tokens` is what was not read from the cache. */
function usageObject(exchange: Exchange, outputTokens: number): JsonObject {
  const { inputTokens, cachedTokens } = exchange.entry;
  return {
    input_tokens: inputTokens - cachedTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cachedTokens,
    output_tokens: outputTokens,
    service_tier: "standard",
  };
}

function toolUseId(exchange: Exchange, tool: number): string {
  return `toolu_${exchange.idSuffix}${tool}`;
}

function contentBlocks(exchange: Exchange, choice: Choice): Json[] {
  if (choice.toolCalls.length === 0) return choice.text === "" ? [] : [{ type: "text", text: choice.text }];
  return choice.toolCalls.map((call, tool) => {
    const input = objectOr(parseJson(call.argumentsText));
    return { type: "tool_use", id: toolUseId(exchange, tool), name: call.name, input };
  });
}

function messageObject(exchange: Exchange, content: Json[], stop: JsonObject, outputTokens: number): JsonObject {
  return {
    id: `msg_${exchange.idSuffix}`,
    type: "message",
    role: "assistant",
    model: exchange.entry.model,
    content,
    ...stop,
    usage: exchange.effect.omitUsage === true ? undefined : usageObject(exchange, outputTokens),
  };
}

function event(type: string, fields: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function startBlock(index: number, content_block: JsonObject): string {
  return event("content_block_start", { index, content_block });
}

function encoder(exchange: Exchange, choice: Choice) {
  const message = messageObject(exchange, [], { stop_reason: null, stop_sequence: null }, 0);
  const start = event("message_start", { message });
  const isText = choice.toolCalls.length === 0;
  const delta = (index: number, fields: JsonObject) => event("content_block_delta", { index, delta: fields });
  return {
    head: isText ? start + startBlock(0, { type: "text", text: "" }) + event("ping", {}) : start + event("ping", {}),
    encode: (piece: Piece) => {
      switch (piece.kind) {
        case "text":
          return delta(0, { type: "text_delta", text: piece.text });
        case "arguments":
          return delta(piece.tool, { type: "input_json_delta", partial_json: piece.text });
        case "tool": {
          const previous = piece.tool === 0 ? "" : event("content_block_stop", { index: piece.tool - 1 });
          const block = { type: "tool_use", id: toolUseId(exchange, piece.tool), name: piece.name, input: {} };
          return previous + startBlock(piece.tool, block);
        }
        case "end":
          return event("content_block_stop", { index: isText ? 0 : choice.toolCalls.length - 1 });
      }
    },
    tail: () => {
      const usage = exchange.effect.omitUsage === true ? undefined : usageObject(exchange, choice.outputTokens);
      return event("message_delta", { delta: stopFields(choice.finish), usage }) + event("message_stop", {});
    },
  };
}

function onlyChoice(generation: Generation): Choice {
  const [choice] = generation.choices;
  if (choice === undefined) throw new Error("A generation of this dialect has one choice");
  return choice;
}

/** POST /v1/messages */
export const messages: Handler = (exchange, body) => {
  const generation = generate(applyEffect(readAnthropicPrompt(body.json), exchange.effect));
  const choice = onlyChoice(generation);
  exchange.chargeInput(generation.inputTokens);
  if (exchange.entry.stream) {
    const pieces = encodeStream(generation, exchange.effect.neverEnd === true, encoder(exchange, choice));
    return exchange.stream("text/event-stream; charset=utf-8", pieces);
  }
  const content = contentBlocks(exchange, choice);
  const answer = messageObject(exchange, content, stopFields(choice.finish), choice.outputTokens);
  return exchange.answer(answer, generation);
};

/** POST /v1/messages/count_tokens. The ledger books no tokens: nothing was generated from them. */
export const countTokens: Handler = (exchange, body) => {
  const { inputTokens } = readAnthropicPrompt(body.json, true);
  return exchange.answer({ input_tokens: inputTokens }, { inputTokens: 0, outputTokens: 0 });
};
