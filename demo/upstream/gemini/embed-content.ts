import { embedText } from "../embed-text.ts";
import type { Exchange } from "../exchange.ts";
import { type Handler, InvalidRequest, optionalCount } from "../handler.ts";
import { isObject, type JsonObject, listOr, objectOr } from "../json.ts";
import { contentText } from "../openai/chat-prompt.ts";
import { contentTokens } from "../tokens.ts";

const DIMENSIONS = 768;
const DIMENSIONS_MAX = 4_096;

function embedOne(request: JsonObject): { values: number[]; tokens: number } {
  if (!isObject(request.content)) throw new InvalidRequest("content is not specified");
  const { parts } = request.content;
  const dimensions = optionalCount(request, "outputDimensionality", 1, DIMENSIONS_MAX) ?? DIMENSIONS;
  return { values: Array.from(embedText(contentText(parts), dimensions)), tokens: contentTokens(parts) };
}

function usageMetadata(exchange: Exchange, tokens: number): JsonObject | undefined {
  if (exchange.effect.omitUsage === true) return undefined;
  return { promptTokenCount: tokens, totalTokenCount: tokens };
}

/** POST /v1beta/models/{model}:embedContent */
export const embedContent: Handler = (exchange, { json }) => {
  const { values, tokens } = embedOne(json);
  return exchange.answer(
    { embedding: { values }, usageMetadata: usageMetadata(exchange, tokens) },
    { inputTokens: tokens, outputTokens: 0 },
  );
};

/** POST /v1beta/models/{model}:batchEmbedContents */
export const batchEmbedContents: Handler = (exchange, { json }) => {
  const results = listOr(json.requests).map((request) => embedOne(objectOr(request)));
  const inputTokens = results.reduce((sum, result) => sum + result.tokens, 0);
  const embeddings = results.map(({ values }) => ({ values }));
  return exchange.answer(
    { embeddings, usageMetadata: usageMetadata(exchange, inputTokens) },
    { inputTokens, outputTokens: 0 },
  );
};
