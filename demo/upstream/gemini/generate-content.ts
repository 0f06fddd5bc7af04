import type { Exchange } from "../exchange.ts";
import { type Choice, type Finish, type Generation, generate, streamPieces } from "../generate.ts";
import type { Handler } from "../handler.ts";
import { type Json, type JsonObject, objectOr, parseJson } from "../json.ts";
import { applyEffect } from "../prompt.ts";
import type { WirePiece } from "../stream-pieces.ts";
import { readGeminiPrompt } from "./read-prompt.ts";

function finishReason(finish: Finish): string {
  return finish.reason === "length" ? "MAX_TOKENS" : "STOP";
}

function usageMetadata(exchange: Exchange, outputTokens: number): JsonObject | undefined {
  if (exchange.effect.omitUsage === true) return undefined;
  const { inputTokens, cachedTokens } = exchange.entry;
  return {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens,
    totalTokenCount: inputTokens + outputTokens,
    cachedContentTokenCount: cachedTokens === 0 ? undefined : cachedTokens,
  };
}

function functionCallPart(choice: Choice, tool: number): JsonObject {
  const call = choice.toolCalls[tool];
  return { functionCall: { name: call?.name ?? "", args: objectOr(parseJson(call?.argumentsText ?? "{}")) } };
}

function partsOf(choice: Choice): Json[] {
  if (choice.toolCalls.length === 0) return [{ text: choice.text }];
  return choice.toolCalls.map((_, tool) => functionCallPart(choice, tool));
}

function envelope(exchange: Exchange, candidates: Json[], outputTokens: number): JsonObject {
  return {
    candidates,
    usageMetadata: usageMetadata(exchange, outputTokens),
    modelVersion: exchange.entry.model,
    responseId: exchange.idSuffix,
  };
}

interface Chunk extends Omit<WirePiece, "wire"> {
  value: JsonObject;
}

/** The chunks of a stream. Gemini sends function calls whole, so their pieces are held back until the choice ends. */
function* chunks(exchange: Exchange, generation: Generation): Generator<Chunk> {
  let outputTokens = 0;
  let heldTokens = 0;
  let running = generation.choices.length;
  for (const piece of streamPieces(generation, exchange.effect.neverEnd === true)) {
    outputTokens += piece.tokens;
    if (piece.kind === "tool" || piece.kind === "arguments") {
      heldTokens += piece.tokens;
      continue;
    }
    const candidate = (parts: Json[], finish?: string) => {
      const candidates = [{ content: { role: "model", parts }, finishReason: finish, index: piece.choice }];
      return envelope(exchange, candidates, outputTokens);
    };
    if (piece.kind === "text") {
      yield { tokens: piece.tokens, part: "content", value: candidate([{ text: piece.text }]) };
      continue;
    }
    running -= 1;
    const choice = generation.choices[piece.choice];
    const parts = choice === undefined || choice.toolCalls.length === 0 ? [{ text: "" }] : partsOf(choice);
    const part = running === 0 ? "tail" : "frame";
    yield { tokens: heldTokens, part, value: candidate(parts, finishReason(piece.finish)) };
    heldTokens = 0;
  }
}

function* asSse(values: Iterable<Chunk>): Generator<WirePiece> {
  for (const { value, tokens, part } of values) yield { wire: `data: ${JSON.stringify(value)}\r\n\r\n`, tokens, part };
}

function* asJsonArray(values: Iterable<Chunk>): Generator<WirePiece> {
  let lead = "[";
  for (const { value, tokens, part } of values) {
    yield { wire: `${lead}${JSON.stringify(value)}${part === "tail" ? "]" : ""}`, tokens, part };
    lead = ",\r\n";
  }
}

/** POST /v1beta/models/{model}:generateContent and :streamGenerateContent (SSE with `alt=sse`, else a JSON array). */
export const generateContent: Handler = (exchange, body) => {
  const generation = generate(applyEffect(readGeminiPrompt(body.json), exchange.effect));
  exchange.chargeInput(generation.inputTokens);
  if (!exchange.entry.stream) {
    const candidates = generation.choices.map((choice, index) => ({
      content: { role: "model", parts: partsOf(choice) },
      finishReason: finishReason(choice.finish),
      index,
    }));
    return exchange.answer(envelope(exchange, candidates, generation.outputTokens), generation);
  }
  const values = chunks(exchange, generation);
  const isSse = /[?&]alt=sse(&|$)/.test(exchange.request.url ?? "");
  if (isSse) return exchange.stream("text/event-stream", asSse(values));
  return exchange.stream("application/json; charset=UTF-8", asJsonArray(values));
};

/** POST /v1beta/models/{model}:countTokens. The ledger books no tokens. */
export const countGeminiTokens: Handler = (exchange, body) => {
  const { inputTokens } = readGeminiPrompt(body.json);
  return exchange.answer({ totalTokens: inputTokens }, { inputTokens: 0, outputTokens: 0 });
};
