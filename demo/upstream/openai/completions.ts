import type { Exchange } from "../exchange.ts";
import { type Generation, generate, type Piece } from "../generate.ts";
import { type Handler, InvalidRequest, optionalCount } from "../handler.ts";
import { type Json, type JsonObject, objectOr } from "../json.ts";
import { applyEffect, plainPrompt } from "../prompt.ts";
import { encodeStream } from "../stream-pieces.ts";
import { jsonTokens } from "../tokens.ts";
import { finishReason, usageObject } from "./chat.ts";
import { OUTPUT_TOKENS_CEILING, readStop } from "./chat-prompt.ts";

const DEFAULT_OUTPUT_TOKENS = 16;
const CHOICES_MAX = 128;

/** Tokens of a `prompt` or `input`: texts are counted, token ids are taken as they are. */
export function inputTokensOf(input: Json): number {
  if (Array.isArray(input) && input.every((item) => typeof item === "number")) return input.length;
  return Array.isArray(input) ? input.reduce<number>((sum, item) => sum + inputTokensOf(item), 0) : jsonTokens(input);
}

function readPrompt(body: JsonObject) {
  const { prompt } = body;
  if (typeof prompt !== "string" && !Array.isArray(prompt)) {
    throw new InvalidRequest("Missing required parameter: 'prompt'.", "missing_required_parameter");
  }
  const text = typeof prompt === "string" ? prompt : prompt.filter((item) => typeof item === "string").join(" ");
  return {
    ...plainPrompt(text, inputTokensOf(prompt)),
    outputTokensMax: optionalCount(body, "max_tokens", 1, OUTPUT_TOKENS_CEILING) ?? DEFAULT_OUTPUT_TOKENS,
    stopSequences: readStop(body.stop),
    choiceCount: optionalCount(body, "n", 1, CHOICES_MAX) ?? 1,
  };
}

function envelope(exchange: Exchange): JsonObject {
  const { idSuffix, createdSeconds, entry } = exchange;
  return { id: `cmpl-${idSuffix}`, object: "text_completion", created: createdSeconds, model: entry.model };
}

function encoder(exchange: Exchange, generation: Generation, includesUsage: boolean) {
  const shared = envelope(exchange);
  const event = (choices: Json[], usage: JsonObject | null) =>
    `data: ${JSON.stringify({ ...shared, choices, ...(includesUsage ? { usage } : {}) })}\n\n`;
  return {
    head: "",
    encode: (piece: Piece) => {
      const text = piece.kind === "text" ? piece.text : "";
      const finish_reason = piece.kind === "end" ? finishReason(piece.finish) : null;
      return event([{ index: piece.choice, text, logprobs: null, finish_reason }], null);
    },
    tail: () => {
      const usage = usageObject(exchange, generation.inputTokens, generation.outputTokens);
      return includesUsage ? `${event([], usage)}data: [DONE]\n\n` : "data: [DONE]\n\n";
    },
  };
}

/** POST /v1/completions, the legacy text form; 16 tokens unless `max_tokens` says otherwise, as at OpenAI. */
export const completions: Handler = (exchange, body) => {
  const generation = generate(applyEffect(readPrompt(body.json), exchange.effect));
  exchange.chargeInput(generation.inputTokens);
  const omitsUsage = exchange.effect.omitUsage === true;
  if (exchange.entry.stream) {
    const wantsUsage = objectOr(body.json.stream_options).include_usage === true && !omitsUsage;
    const pieces = encodeStream(
      generation,
      exchange.effect.neverEnd === true,
      encoder(exchange, generation, wantsUsage),
    );
    return exchange.stream("text/event-stream; charset=utf-8", pieces);
  }
  const answer = {
    ...envelope(exchange),
    choices: generation.choices.map((choice, index) => ({
      index,
      text: choice.text,
      logprobs: null,
      finish_reason: finishReason(choice.finish),
    })),
    usage: omitsUsage ? undefined : usageObject(exchange, generation.inputTokens, generation.outputTokens),
  };
  return exchange.answer(answer, generation);
};
