import type { ReasoningPart } from "../generation.ts";
import { type JsonObject, listOf, textOf } from "../json-fields.ts";

const REDACTED = "redacted:";
const ANTHROPIC = "anthropic:";
const TAGGED = /^(gemini|openai):/;

/**
 * The opaque part of a thought as `encrypted_content`. A caller hands it back unread, and has others from untranslated
 * calls too, which are OpenAI's own: so whatever is not OpenAI's says here where it comes from.
 */
export function encryptedContent({
  signature,
  redacted,
}: Pick<ReasoningPart, "signature" | "redacted">): string | null {
  if (redacted !== null) return REDACTED + redacted;
  if (signature === null) return null;
  if (signature.startsWith("openai:")) return signature.slice("openai:".length);
  return TAGGED.test(signature) ? signature : ANTHROPIC + signature;
}

/** The reverse of `encryptedContent`. */
export function readEncrypted(content: string | null): Pick<ReasoningPart, "signature" | "redacted"> {
  if (content === null || content === "") return { signature: null, redacted: null };
  if (content.startsWith(REDACTED)) return { signature: null, redacted: content.slice(REDACTED.length) };
  if (content.startsWith(ANTHROPIC)) return { signature: content.slice(ANTHROPIC.length), redacted: null };
  return { signature: content.startsWith("gemini:") ? content : `openai:${content}`, redacted: null };
}

/** A reasoning item, whole. */
export function writeReasoningItem(part: ReasoningPart, id: string): JsonObject {
  const encrypted = encryptedContent(part);
  return {
    id,
    type: "reasoning",
    summary: part.text === "" ? [] : [{ type: "summary_text", text: part.text }],
    ...(encrypted === null ? {} : { encrypted_content: encrypted }),
  };
}

/** A reasoning item of a request or of an answer. */
export function readReasoningItem(item: JsonObject): ReasoningPart {
  const texts = (field: string): string =>
    listOf(item, field)
      .map((part) => textOf(part, "text") ?? "")
      .join("");
  const summary = texts("summary");
  return {
    kind: "reasoning",
    text: summary === "" ? texts("content") : summary,
    ...readEncrypted(textOf(item, "encrypted_content")),
  };
}
