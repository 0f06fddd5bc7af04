import type { AnswerFacts } from "../dialect.ts";
import type { AnswerPart, GenerationAnswer, MediaPart, ToolCallPart } from "../generation.ts";
import { argumentsObject, type JsonObject } from "../json-fields.ts";
import { writeFinishReason } from "./finish-reason.ts";
import { mediaTypeOf } from "./media.ts";
import { writeRedacted, writeThoughtSignature } from "./thought-signature.ts";
import { writeGeminiUsage } from "./usage.ts";

/** A part of media, in a request or an answer. */
export function mediaPart(part: MediaPart): JsonObject {
  const mimeType = mediaTypeOf(part);
  const displayName = part.fileName === null ? {} : { displayName: part.fileName };
  if (part.source.kind === "url") return { fileData: { fileUri: part.source.url, mimeType, ...displayName } };
  return { inlineData: { mimeType, data: part.source.data, ...displayName } };
}

/** Reasoning as a thought. */
export function thoughtPart(text: string, signature: string | null, redacted: string | null): JsonObject {
  if (redacted !== null) return { text, thought: true, thoughtSignature: writeRedacted(redacted) };
  return { text, thought: true, ...(signature === null ? {} : { thoughtSignature: writeThoughtSignature(signature) }) };
}

/** A call, whole: this dialect does not stream arguments. */
export function callPart({ id, name, argumentsJson, signature }: Omit<ToolCallPart, "kind">): JsonObject {
  const functionCall = { id, name, args: argumentsObject(argumentsJson) };
  return { functionCall, ...(signature === null ? {} : { thoughtSignature: writeThoughtSignature(signature) }) };
}

function partOf(part: AnswerPart): JsonObject {
  switch (part.kind) {
    case "text":
    case "refusal":
      return { text: part.text };
    case "reasoning":
      return thoughtPart(part.text, part.signature, part.redacted);
    case "tool_call":
      return callPart(part);
    default:
      return mediaPart(part);
  }
}

/** What stands around the candidates, in a whole answer and in each chunk of a stream. */
export function answerFrame(id: string | null, facts: AnswerFacts): JsonObject {
  return { modelVersion: facts.model, responseId: id ?? facts.callId };
}

/** Writes the answer of `:generateContent`. */
export function writeGeminiAnswer(answer: GenerationAnswer, facts: AnswerFacts): JsonObject {
  const candidates = answer.choices.map((choice, index) => ({
    content: { role: "model", parts: choice.parts.map(partOf) },
    finishReason: writeFinishReason(choice.stop),
    index,
  }));
  const usage = answer.usage === null ? {} : { usageMetadata: writeGeminiUsage(answer.usage) };
  return { candidates, ...usage, ...answerFrame(answer.id, facts) };
}
