import { fieldOf, textOf } from "../json-fields.ts";
import { ownSignature, tagSignature } from "../signature.ts";

/**
 * Where Gemini's signature of a tool call stands in chat completions: `extra_content.google.thought_signature`, as Google's
 * own endpoint in this dialect has it.
 */
export function readCallSignature(call: unknown): string | null {
  const signature = textOf(fieldOf(fieldOf(call, "extra_content"), "google"), "thought_signature");
  return signature === null ? null : tagSignature("gemini", signature);
}

/** The fields to add to a tool call for its signature; none where it has none. */
export function callSignatureFields(signature: string | null): Record<string, unknown> {
  const own = ownSignature("gemini", signature);
  return own === null ? {} : { extra_content: { google: { thought_signature: own } } };
}
