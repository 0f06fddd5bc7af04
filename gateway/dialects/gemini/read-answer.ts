import type { AnswerChoice, AnswerPart, GenerationAnswer } from "../generation.ts";
import { fieldOf, isObject, listOf, textOf } from "../json-fields.ts";
import { tagSignature } from "../signature.ts";
import { generatedCallId } from "./call-id.ts";
import { readFinishReason } from "./finish-reason.ts";
import { mediaKind } from "./media.ts";
import { readGeminiUsage } from "./usage.ts";

function signatureOf(part: unknown): string | null {
  const signature = textOf(part, "thoughtSignature");
  return signature === null || signature === "" ? null : tagSignature("gemini", signature);
}

/** `newId` names a call that came without an id. Parts of the vendor's own tools are never asked for. */
export function readAnswerPart(part: unknown, newId: () => string): AnswerPart[] {
  const signature = signatureOf(part);
  const call = fieldOf(part, "functionCall");
  if (isObject(call)) {
    const argumentsJson = JSON.stringify(fieldOf(call, "args") ?? {});
    const [id, name] = [textOf(call, "id") ?? newId(), textOf(call, "name") ?? ""];
    return [{ kind: "tool_call", id, name, argumentsJson, signature }];
  }
  const inline = fieldOf(part, "inlineData");
  const data = textOf(inline, "data");
  if (data !== null) {
    const mediaType = textOf(inline, "mimeType");
    return [{ kind: mediaKind(mediaType), mediaType, source: { kind: "base64", data }, fileName: null }];
  }
  const text = textOf(part, "text") ?? "";
  if (fieldOf(part, "thought") === true) return [{ kind: "reasoning", text, signature, redacted: null }];
  const said: AnswerPart[] = text === "" ? [] : [{ kind: "text", text }];
  return signature === null ? said : [...said, { kind: "reasoning", text: "", signature, redacted: null }];
}

function readCandidate(candidate: unknown, newId: () => string): AnswerChoice {
  const parts = listOf(fieldOf(candidate, "content"), "parts").flatMap((part) => readAnswerPart(part, newId));
  const hasCalls = parts.some((part) => part.kind === "tool_call");
  return { parts, stop: readFinishReason(fieldOf(candidate, "finishReason"), hasCalls), stopSequence: null };
}

/** Whether the prompt itself was refused: then there is no candidate. */
export function isBlocked(body: unknown): boolean {
  return textOf(fieldOf(body, "promptFeedback"), "blockReason") !== null;
}

/** Reads the answer of `:generateContent`; null when it is none. */
export function readGeminiAnswer(body: unknown): GenerationAnswer | null {
  const id = textOf(body, "responseId");
  let calls = 0;
  const newId = () => {
    calls += 1;
    return generatedCallId(id, calls);
  };
  const candidates = listOf(body, "candidates");
  if (candidates.length === 0 && !isBlocked(body)) return null;
  const blocked: AnswerChoice = { parts: [], stop: "content_filter", stopSequence: null };
  const choices = candidates.length === 0 ? [blocked] : candidates.map((each) => readCandidate(each, newId));
  return { id, choices, usage: readGeminiUsage(fieldOf(body, "usageMetadata")) };
}

/** The message of `{"error":{"code","message","status"}}`, which may come as the only element of an array. */
export function readGeminiError(body: unknown): string | null {
  const only: unknown = Array.isArray(body) ? body[0] : body;
  return textOf(fieldOf(only, "error"), "message");
}
