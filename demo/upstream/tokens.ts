// The demo upstream's own tokenizer. A token is four UTF-8 bytes of text, rounded up per text. It is deliberately not
// any vendor's: what matters is that it is deterministic, additive over a stream, and never more than the UTF-8 bytes of
// the JSON that carried the text (images and audio excepted, which cost a flat amount as they do at real providers).
import { isObject, type Json, type JsonObject } from "./json.ts";

/** UTF-8 bytes per token. */
export const TOKEN_BYTES = 4;
/** Tokens each message costs on top of its content. */
export const MESSAGE_OVERHEAD_TOKENS = 4;
/** Flat tokens of one image part, whatever its size. */
export const IMAGE_TOKENS = 85;
/** Flat tokens of one audio or file part, whatever its length. */
export const MEDIA_TOKENS = 128;

const JSON_DEPTH_MAX = 200;

/** Tokens of one text: ceil(UTF-8 bytes / 4). */
export function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / TOKEN_BYTES);
}

/** Tokens of a JSON value: its strings and keys as text, one token for each other scalar. Nesting past 200 is not read. */
export function jsonTokens(value: Json | undefined, depth = 0): number {
  if (value === undefined || depth > JSON_DEPTH_MAX) return 0;
  if (typeof value === "string") return textTokens(value);
  if (typeof value !== "object" || value === null) return 1;
  let tokens = 0;
  if (Array.isArray(value)) {
    for (const item of value) tokens += jsonTokens(item, depth + 1);
    return tokens;
  }
  for (const [key, item] of Object.entries(value)) tokens += textTokens(key) + jsonTokens(item, depth + 1);
  return tokens;
}

/** Tokens of a message's content in any of the dialects: a string, a list of parts, or nothing. */
export function contentTokens(content: Json | undefined): number {
  if (typeof content === "string") return textTokens(content);
  if (!Array.isArray(content)) return 0;
  let tokens = 0;
  for (const part of content) tokens += isObject(part) ? partTokens(part) : jsonTokens(part);
  return tokens;
}

function partTokens(part: JsonObject): number {
  const type = part.type;
  if (type === "image_url" || type === "image" || type === "input_image") return IMAGE_TOKENS;
  if (type === "input_audio" || type === "file" || type === "input_file" || type === "document") return MEDIA_TOKENS;
  if (part.inlineData !== undefined || part.fileData !== undefined) return IMAGE_TOKENS;
  if (isObject(part.image)) return IMAGE_TOKENS;
  if (isObject(part.audio) || isObject(part.document)) return MEDIA_TOKENS;
  if (part.cachePoint !== undefined) return 0;
  if (isObject(part.toolResult)) return contentTokens(part.toolResult.content);
  if (isObject(part.toolUse)) return jsonTokens(part.toolUse.name) + jsonTokens(part.toolUse.input);
  if (typeof part.text === "string") return textTokens(part.text);
  if (type === "tool_result") return contentTokens(part.content);
  if (type === "tool_use") return jsonTokens(part.name) + jsonTokens(part.input);
  return jsonTokens(part);
}

/** The longest prefix of `text` that costs at most `tokensMax` tokens, cut at a character boundary. */
export function truncateToTokens(text: string, tokensMax: number): string {
  const bytesMax = tokensMax * TOKEN_BYTES;
  const bytes = Buffer.byteLength(text);
  if (bytes <= bytesMax) return text;
  if (bytes === text.length) return text.slice(0, bytesMax);
  const buffer = Buffer.from(text);
  let end = bytesMax;
  while (end > 0 && ((buffer[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return buffer.toString("utf8", 0, end);
}
