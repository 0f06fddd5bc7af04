import type { ReasoningPart } from "../generation.ts";
import { isObject, listOf, textOf } from "../json-fields.ts";

/**
 * Chat completions have no place for what a model thought. The field that vendors have agreed on for its text is
 * `reasoning_content` (some say `reasoning`); signatures and what may not be read go into `reasoning_details`, as OpenRouter
 * defined it, so that a caller can hand them back.
 */
export function reasoningFields(parts: readonly Omit<ReasoningPart, "kind">[]): Record<string, unknown> {
  const text = parts.map((part) => part.text).join("");
  const details = parts.flatMap(detailsOf);
  return {
    ...(text === "" ? {} : { reasoning_content: text }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
  };
}

function detailsOf({ text, signature, redacted }: Omit<ReasoningPart, "kind">): object[] {
  if (redacted !== null) return [{ type: "reasoning.encrypted", data: redacted }];
  return signature === null ? [] : [{ type: "reasoning.text", text, signature }];
}

/** The thoughts in a message; in a delta too, where `reasoning_content` is a piece of text. */
export function readReasoning(message: unknown): ReasoningPart[] {
  const parts: ReasoningPart[] = [];
  let signed = "";
  for (const detail of listOf(message, "reasoning_details")) {
    if (!isObject(detail)) continue;
    const text = textOf(detail, "text") ?? textOf(detail, "summary") ?? "";
    const signature = textOf(detail, "signature");
    const redacted = detail.type === "reasoning.encrypted" ? textOf(detail, "data") : null;
    if (signature === null && redacted === null) continue;
    parts.push({ kind: "reasoning", text: redacted === null ? text : "", signature, redacted });
    if (redacted === null) signed += text;
  }
  const text = textOf(message, "reasoning_content") ?? textOf(message, "reasoning") ?? "";
  const [only] = parts;
  // Whoever put a stream together has the text in one place and its signature in the other.
  if (parts.length === 1 && only !== undefined && only.redacted === null && only.text === "")
    return [{ ...only, text }];
  // What the details say with a signature stands in the plain text too.
  if (text !== "" && text !== signed) parts.unshift({ kind: "reasoning", text, signature: null, redacted: null });
  return parts;
}
