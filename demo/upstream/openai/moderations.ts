import { type Handler, InvalidRequest } from "../handler.ts";
import { inputTokensOf } from "./completions.ts";

const WORDS: Record<string, RegExp> = {
  harassment: /\b(idiot|stupid)\b/i,
  hate: /\bhate (you|them)\b/i,
  illicit: /\b(bomb|counterfeit)\b/i,
  "self-harm": /\b(suicide|self-harm)\b/i,
  sexual: /\b(porn|explicit sex)\b/i,
  violence: /\b(kill|murder|stab)\b/i,
};

function judge(text: string) {
  const found = Object.entries(WORDS).map(([category, words]) => [category, words.test(text)] as const);
  return {
    flagged: found.some(([, isMet]) => isMet),
    categories: Object.fromEntries(found),
    category_scores: Object.fromEntries(found.map(([category, isMet]) => [category, isMet ? 0.98 : 0.001])),
    category_applied_input_types: Object.fromEntries(found.map(([category]) => [category, ["text"]])),
  };
}

/** POST /v1/moderations: a word list, so that flagged and clean answers can both be shown. */
export const moderations: Handler = (exchange, { json }) => {
  const { input } = json;
  if (typeof input !== "string" && !Array.isArray(input))
    throw new InvalidRequest("Missing required parameter: 'input'.");
  const texts = typeof input === "string" ? [input] : input.map((item) => JSON.stringify(item));
  const answer = { id: `modr-${exchange.idSuffix}`, model: exchange.entry.model, results: texts.map(judge) };
  return exchange.answer(answer, { inputTokens: inputTokensOf(input), outputTokens: 0 });
};
