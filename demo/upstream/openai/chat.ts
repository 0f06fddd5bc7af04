import type { Exchange } from "../exchange.ts";
import { type Choice, type Finish, type Generation, generate, type Piece } from "../generate.ts";
import type { Handler } from "../handler.ts";
import { type JsonObject, objectOr } from "../json.ts";
import { applyEffect } from "../prompt.ts";
import { encodeStream } from "../stream-pieces.ts";
import { readChatPrompt } from "./chat-prompt.ts";

/** OpenAI's name for why a choice ended. */
export function finishReason(finish: Finish): string {
  if (finish.reason === "tools") return "tool_calls";
  return finish.reason === "length" ? "length" : "stop";
}

/** The usage object of chat and legacy completions. */
export function usageObject(exchange: Exchange, inputTokens: number, outputTokens: number): JsonObject {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: exchange.entry.cachedTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}

/** The id of one tool call, unique within the process. */
export function toolCallId(exchange: Exchange, choice: number, tool: number): string {
  return `call_${exchange.idSuffix}${choice}${tool}`;
}

function messageOf(exchange: Exchange, choice: Choice, index: number): JsonObject {
  const message: JsonObject = { role: "assistant", content: choice.text, refusal: null };
  if (choice.toolCalls.length === 0) return message;
  const calls = choice.toolCalls.map((call, tool) => ({
    id: toolCallId(exchange, index, tool),
    type: "function",
    function: { name: call.name, arguments: call.argumentsText },
  }));
  return { ...message, content: null, tool_calls: calls };
}

function completion(exchange: Exchange, generation: Generation): JsonObject {
  return {
    id: `chatcmpl-${exchange.idSuffix}`,
    object: "chat.completion",
    created: exchange.createdSeconds,
    model: exchange.entry.model,
    choices: generation.choices.map((choice, index) => ({
      index,
      message: messageOf(exchange, choice, index),
      logprobs: null,
      finish_reason: finishReason(choice.finish),
    })),
    usage:
      exchange.effect.omitUsage === true
        ? undefined
        : usageObject(exchange, generation.inputTokens, generation.outputTokens),
    service_tier: "default",
    system_fingerprint: "fp_turnpike_demo",
  };
}

function deltaOf(exchange: Exchange, piece: Piece): string {
  switch (piece.kind) {
    case "text":
      return `{"content":${JSON.stringify(piece.text)}}`;
    case "tool": {
      const id = toolCallId(exchange, piece.choice, piece.tool);
      const call = { index: piece.tool, id, type: "function", function: { name: piece.name, arguments: "" } };
      return JSON.stringify({ tool_calls: [call] });
    }
    case "arguments":
      return JSON.stringify({ tool_calls: [{ index: piece.tool, function: { arguments: piece.text } }] });
    case "end":
      return "{}";
  }
}

/** Chunks are put together as text: everything but the delta is the same for a whole stream. */
function encoder(exchange: Exchange, generation: Generation, includesUsage: boolean) {
  const { idSuffix, createdSeconds, entry } = exchange;
  const shared = `"object":"chat.completion.chunk","created":${createdSeconds},"model":${JSON.stringify(entry.model)}`;
  const front = `data: {"id":"chatcmpl-${idSuffix}",${shared},"system_fingerprint":"fp_turnpike_demo","choices":[`;
  const back = includesUsage ? '],"usage":null}\n\n' : "]}\n\n";
  const choiceOf = (choice: number, delta: string, finish: string) =>
    `${front}{"index":${choice},"delta":${delta},"logprobs":null,"finish_reason":${finish}}${back}`;
  const opening = generation.choices.map((choice, index) => {
    const content = choice.toolCalls.length > 0 ? null : "";
    return choiceOf(index, JSON.stringify({ role: "assistant", content, refusal: null }), "null");
  });
  return {
    head: opening.join(""),
    encode: (piece: Piece) => {
      const finish = piece.kind === "end" ? `"${finishReason(piece.finish)}"` : "null";
      return choiceOf(piece.choice, deltaOf(exchange, piece), finish);
    },
    tail: () => {
      const usage = JSON.stringify(usageObject(exchange, generation.inputTokens, generation.outputTokens));
      return includesUsage ? `${front}],"usage":${usage}}\n\ndata: [DONE]\n\n` : "data: [DONE]\n\n";
    },
  };
}

/** POST /v1/chat/completions */
export const chatCompletions: Handler = (exchange, body) => {
  const generation = generate(applyEffect(readChatPrompt(body.json), exchange.effect));
  exchange.chargeInput(generation.inputTokens);
  if (!exchange.entry.stream) return exchange.answer(completion(exchange, generation), generation);
  const wantsUsage = objectOr(body.json.stream_options).include_usage === true && exchange.effect.omitUsage !== true;
  const pieces = encodeStream(generation, exchange.effect.neverEnd === true, encoder(exchange, generation, wantsUsage));
  return exchange.stream("text/event-stream; charset=utf-8", pieces);
};
