import { type Handler, InvalidRequest, optionalCount, type ReceivedBody } from "../handler.ts";
import type { JsonObject } from "../json.ts";
import { textTokens } from "../tokens.ts";
import { readForm } from "./read-form.ts";

/** A PNG of one pixel. */
const PIXEL_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const OUTPUT_TOKENS_PER_IMAGE = 272;
const IMAGES_MAX = 10;

async function readFields(body: ReceivedBody): Promise<JsonObject> {
  if (!body.contentType.startsWith("multipart/form-data")) return body.json;
  const form = await readForm(body);
  const count = form.get("n");
  return {
    prompt: String(form.get("prompt") ?? ""),
    response_format: String(form.get("response_format") ?? "b64_json"),
    n: count === null ? undefined : Number(count),
  };
}

/** POST /v1/images/generations, edits and variations: one grey pixel for each image asked for. */
export const images: Handler = async (exchange, body) => {
  const fields = await readFields(body);
  const { prompt } = fields;
  if (typeof prompt !== "string") throw new InvalidRequest("Missing required parameter: 'prompt'.");
  const count = optionalCount(fields, "n", 1, IMAGES_MAX) ?? 1;
  const isUrl = fields.response_format === "url";
  const image = isUrl ? { url: `data:image/png;base64,${PIXEL_PNG}` } : { b64_json: PIXEL_PNG };
  const inputTokens = textTokens(prompt);
  const outputTokens = count * OUTPUT_TOKENS_PER_IMAGE;
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { text_tokens: inputTokens, image_tokens: 0 },
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
  const data = Array.from({ length: count }, () => image);
  const answer = {
    created: exchange.createdSeconds,
    data,
    usage: exchange.effect.omitUsage === true ? undefined : usage,
  };
  return exchange.answer(answer, { inputTokens, outputTokens });
};
