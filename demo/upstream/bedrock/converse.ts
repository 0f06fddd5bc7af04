import type { Exchange } from "../exchange.ts";
import { type Choice, type Finish, type Generation, generate, type Piece } from "../generate.ts";
import type { Handler } from "../handler.ts";
import { type Json, type JsonObject, objectOr, parseJson } from "../json.ts";
import { applyEffect } from "../prompt.ts";
import { encodeStream } from "../stream-pieces.ts";
import { eventFrame } from "./event-frame.ts";
import { readBedrockPrompt } from "./read-prompt.ts";

const STOP_REASONS: Readonly<Record<Finish["reason"], string>> = {
  stop: "end_turn",
  length: "max_tokens",
  tools: "tool_use",
  stopSequence: "stop_sequence",
};

/** Bedrock counts cached input apart: `inputTokens` is what was not read from the cache. */
function usageObject(exchange: Exchange, outputTokens: number): JsonObject {
  const { inputTokens, cachedTokens } = exchange.entry;
  return {
    inputTokens: inputTokens - cachedTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    cacheReadInputTokens: cachedTokens,
    cacheWriteInputTokens: 0,
  };
}

function toolUseId(exchange: Exchange, tool: number): string {
  return `tooluse_${exchange.idSuffix}${tool}`;
}

function contentBlocks(exchange: Exchange, choice: Choice): Json[] {
  if (choice.toolCalls.length === 0) return choice.text === "" ? [] : [{ text: choice.text }];
  return choice.toolCalls.map((call, tool) => {
    const input = objectOr(parseJson(call.argumentsText));
    return { toolUse: { toolUseId: toolUseId(exchange, tool), name: call.name, input } };
  });
}

function onlyChoice(generation: Generation): Choice {
  const [choice] = generation.choices;
  if (choice === undefined) throw new Error("A generation of this dialect has one choice");
  return choice;
}

function encoder(exchange: Exchange, choice: Choice) {
  const isText = choice.toolCalls.length === 0;
  const delta = (contentBlockIndex: number, fields: JsonObject) =>
    eventFrame("contentBlockDelta", { contentBlockIndex, delta: fields });
  const stop = (contentBlockIndex: number) => eventFrame("contentBlockStop", { contentBlockIndex });
  return {
    head: eventFrame("messageStart", { role: "assistant" }),
    encode: (piece: Piece) => {
      switch (piece.kind) {
        case "text":
          return delta(0, { text: piece.text });
        case "arguments":
          return delta(piece.tool, { toolUse: { input: piece.text } });
        case "tool": {
          const start = { toolUse: { toolUseId: toolUseId(exchange, piece.tool), name: piece.name } };
          const opened = eventFrame("contentBlockStart", { contentBlockIndex: piece.tool, start });
          return piece.tool === 0 ? opened : Buffer.concat([stop(piece.tool - 1), opened]);
        }
        case "end":
          return stop(isText ? 0 : choice.toolCalls.length - 1);
      }
    },
    tail: () => {
      const stopped = eventFrame("messageStop", { stopReason: STOP_REASONS[choice.finish.reason] });
      if (exchange.effect.omitUsage === true) return stopped;
      const usage = usageObject(exchange, choice.outputTokens);
      return Buffer.concat([stopped, eventFrame("metadata", { usage, metrics: { latencyMs: 1 } })]);
    },
  };
}

/** POST /model/{model}/converse and /converse-stream */
export const converse: Handler = (exchange, body) => {
  const generation = generate(applyEffect(readBedrockPrompt(body.json), exchange.effect));
  const choice = onlyChoice(generation);
  exchange.chargeInput(generation.inputTokens);
  if (exchange.entry.stream) {
    const pieces = encodeStream(generation, exchange.effect.neverEnd === true, encoder(exchange, choice));
    return exchange.stream("application/vnd.amazon.eventstream", pieces);
  }
  const message = { role: "assistant", content: contentBlocks(exchange, choice) };
  const stopReason = STOP_REASONS[choice.finish.reason];
  const usage = exchange.effect.omitUsage === true ? undefined : usageObject(exchange, choice.outputTokens);
  return exchange.answer({ output: { message }, stopReason, usage, metrics: { latencyMs: 1 } }, generation);
};
