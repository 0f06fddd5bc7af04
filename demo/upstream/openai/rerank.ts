import { embedText } from "../embed-text.ts";
import { type Handler, InvalidRequest, optionalCount } from "../handler.ts";
import { type Json, objectOr, stringOr } from "../json.ts";
import { textTokens } from "../tokens.ts";

const DIMENSIONS = 256;
const DOCUMENTS_MAX = 1_000;

function documentText(document: Json): string {
  return typeof document === "string" ? document : stringOr(objectOr(document).text, "");
}

/** POST /v1/rerank: orders documents by the words they share with the query. */
export const rerank: Handler = (exchange, { json }) => {
  const { query, documents } = json;
  if (typeof query !== "string") throw new InvalidRequest("Missing required parameter: 'query'.");
  if (!Array.isArray(documents) || documents.length === 0 || documents.length > DOCUMENTS_MAX) {
    throw new InvalidRequest(`Invalid 'documents': expected 1 to ${DOCUMENTS_MAX} documents.`);
  }
  const texts = documents.map(documentText);
  const wanted = embedText(query, DIMENSIONS);
  const scored = texts.map((text, index) => {
    const likeness = embedText(text, DIMENSIONS).reduce((sum, value, at) => sum + value * (wanted[at] ?? 0), 0);
    const document = json.return_documents === true ? { text } : undefined;
    return { index, relevance_score: Math.max(0, Math.min(1, likeness)), document };
  });
  scored.sort((left, right) => right.relevance_score - left.relevance_score || left.index - right.index);
  const results = scored.slice(0, optionalCount(json, "top_n", 1, DOCUMENTS_MAX) ?? scored.length);
  const inputTokens = texts.reduce((sum, text) => sum + textTokens(text), textTokens(query));
  const usage =
    exchange.effect.omitUsage === true ? undefined : { prompt_tokens: inputTokens, total_tokens: inputTokens };
  const answer = { id: `rerank-${exchange.idSuffix}`, model: exchange.entry.model, results, usage };
  return exchange.answer(answer, { inputTokens, outputTokens: 0 });
};
