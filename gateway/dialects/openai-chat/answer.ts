import type { UsageReader } from "#gateway/dialects/usage-reader.ts";
import { writeDataUrl } from "../data-url.ts";
import type { AnswerFacts } from "../dialect.ts";
import type { AnswerChoice, AnswerPart, GenerationAnswer, MediaPart, ToolCallPart } from "../generation.ts";
import { fieldOf, isObject, type JsonObject, listOf, textOf } from "../json-fields.ts";
import { completionId } from "../openai-answer.ts";
import { readImage } from "../openai-media.ts";
import { answerStopReason, readStopReason } from "../openai-stop-reason.ts";
import { chatUsage } from "../openai-usage.ts";
import { readReasoning, reasoningFields } from "./reasoning-details.ts";
import { callSignatureFields, readCallSignature } from "./tool-call-signature.ts";

function writeToolCall({ id, name, argumentsJson, signature }: ToolCallPart): JsonObject {
  const called = { name, arguments: argumentsJson };
  return { id, type: "function", function: called, ...callSignatureFields(signature) };
}

function writeImage({ source, mediaType }: MediaPart): JsonObject {
  const url = source.kind === "url" ? source.url : writeDataUrl(mediaType, source.data);
  return { type: "image_url", image_url: { url } };
}

function writeMessage(parts: readonly AnswerPart[]): JsonObject {
  const texts = parts.filter((part) => part.kind === "text");
  const refusals = parts.filter((part) => part.kind === "refusal");
  const calls = parts.filter((part) => part.kind === "tool_call");
  const images = parts.flatMap((part) => (part.kind === "image" ? [writeImage(part)] : []));
  return {
    role: "assistant",
    content: texts.length === 0 && calls.length + refusals.length > 0 ? null : texts.map((part) => part.text).join(""),
    refusal: refusals.length === 0 ? null : refusals.map((part) => part.text).join(""),
    ...reasoningFields(parts.filter((part) => part.kind === "reasoning")),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(writeToolCall) }),
    // As OpenRouter and Google's endpoint in this dialect have images that a model made.
    ...(images.length === 0 ? {} : { images }),
    annotations: [],
  };
}

/** Writes a `chat.completion`. */
export function writeAnswer(answer: GenerationAnswer, facts: AnswerFacts): JsonObject {
  return {
    id: completionId(answer.id, "chatcmpl-", facts),
    object: "chat.completion",
    created: facts.createdSeconds,
    model: facts.model,
    choices: answer.choices.map(({ parts, stop }, index) => ({
      index,
      message: writeMessage(parts),
      logprobs: null,
      finish_reason: answerStopReason(stop, parts),
    })),
    ...(answer.usage === null ? {} : { usage: chatUsage(answer.usage) }),
    system_fingerprint: null,
  };
}

function readToolCall(value: unknown): ToolCallPart[] {
  const called = fieldOf(value, "function");
  const name = textOf(called, "name");
  if (name === null) return [];
  const id = textOf(value, "id") ?? "";
  const argumentsJson = textOf(called, "arguments") ?? "";
  return [{ kind: "tool_call", id, name, argumentsJson, signature: readCallSignature(value) }];
}

function readText(message: unknown): string {
  const content = fieldOf(message, "content");
  if (typeof content === "string") return content;
  // Mistral's models that think answer in parts.
  return listOf(message, "content")
    .map((part) => textOf(part, "text") ?? "")
    .join("");
}

function readImages(message: unknown): MediaPart[] {
  return listOf(message, "images").flatMap((image) => {
    const url = textOf(fieldOf(image, "image_url"), "url");
    return url === null ? [] : [readImage(url, null)];
  });
}

function readChoice(value: unknown): AnswerChoice {
  const message = fieldOf(value, "message");
  const parts: AnswerPart[] = readReasoning(message);
  const text = readText(message);
  if (text !== "") parts.push({ kind: "text", text });
  parts.push(...readImages(message));
  const refusal = textOf(message, "refusal");
  if (refusal !== null && refusal !== "") parts.push({ kind: "refusal", text: refusal });
  for (const call of listOf(message, "tool_calls")) parts.push(...readToolCall(call));
  return { parts, stop: readStopReason(textOf(value, "finish_reason") ?? ""), stopSequence: null };
}

/** Reads a `chat.completion`; null for anything else. */
export function readAnswer(body: unknown, reader: UsageReader): GenerationAnswer | null {
  const choices = listOf(body, "choices");
  if (!isObject(body) || choices.length === 0 || !choices.every((choice) => isObject(fieldOf(choice, "message")))) {
    return null;
  }
  const usage = fieldOf(body, "usage");
  return {
    id: textOf(body, "id"),
    choices: choices.map(readChoice),
    usage: usage === undefined ? null : reader.read(usage),
  };
}

/** What an error body of this dialect says: `{"error":{"message"}}`, and what vendors made of it. */
export function readErrorMessage(body: unknown): string | null {
  const error = fieldOf(body, "error");
  return typeof error === "string"
    ? error
    : (textOf(error, "message") ?? textOf(body, "message") ?? textOf(body, "detail"));
}
