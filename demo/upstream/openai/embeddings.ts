import { embedText } from "../embed-text.ts";
import { type Handler, InvalidRequest, optionalCount } from "../handler.ts";
import type { Json } from "../json.ts";
import { inputTokensOf } from "./completions.ts";

const DIMENSIONS_MAX = 4_096;
const INPUTS_MAX = 2_048;

function defaultDimensions(model: string): number {
  if (model.includes("embedding-3-large")) return 3_072;
  return model.includes("embedding-3") || model.includes("ada-002") ? 1_536 : 256;
}

/** Splits `input` into single texts; a list of token ids counts as one text. */
function readInputs(input: Json | undefined): string[] {
  if (typeof input === "string") return [input];
  if (!Array.isArray(input) || input.length === 0 || input.length > INPUTS_MAX) {
    throw new InvalidRequest(`Invalid 'input': expected a text or 1 to ${INPUTS_MAX} texts.`);
  }
  if (input.every((item) => typeof item === "number")) return [input.join(" ")];
  return input.map((item) => (Array.isArray(item) ? item.join(" ") : String(item)));
}

/** POST /v1/embeddings: deterministic unit vectors, as floats or as base64 of little-endian float32. */
export const embeddings: Handler = (exchange, { json }) => {
  const model = exchange.entry.model ?? "";
  const dimensions = optionalCount(json, "dimensions", 1, DIMENSIONS_MAX) ?? defaultDimensions(model);
  const isBase64 = json.encoding_format === "base64";
  const data = readInputs(json.input).map((text, index) => {
    const vector = embedText(text, dimensions);
    const embedding = isBase64 ? Buffer.from(vector.buffer).toString("base64") : Array.from(vector);
    return { object: "embedding", index, embedding };
  });
  const inputTokens = inputTokensOf(json.input ?? "");
  const usage =
    exchange.effect.omitUsage === true ? undefined : { prompt_tokens: inputTokens, total_tokens: inputTokens };
  return exchange.answer({ object: "list", data, model, usage }, { inputTokens, outputTokens: 0 });
};
