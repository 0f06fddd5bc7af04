import { refuseContent } from "../carry.ts";
import type { RequestFacts } from "../dialect.ts";
import type { AnswerPart, GenerationRequest, MediaPart, TextPart, ToolResultPart } from "../generation.ts";
import { argumentsObject, type JsonObject } from "../json-fields.ts";
import { ownSignature } from "../signature.ts";

const IMAGE_TYPES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const CACHE_MARK = { cache_control: { type: "ephemeral" } };

/** The API takes letters, digits, `_` and `-` in ids; a call and its result are changed alike. */
function callId(id: string): string {
  return id.replaceAll(/[^a-zA-Z0-9_-]/g, "_");
}

function marked(block: JsonObject, part: { readonly isCachePoint?: boolean }): JsonObject {
  return part.isCachePoint === true ? { ...block, ...CACHE_MARK } : block;
}

/** Empty text blocks are refused by the API, and say nothing. */
function textBlocks(part: TextPart): JsonObject[] {
  return part.text === "" ? [] : [marked({ type: "text", text: part.text }, part)];
}

function sourceOf({ kind, mediaType, source }: MediaPart): JsonObject | null {
  if (kind === "audio") return null;
  if (source.kind === "url") return { type: "url", url: source.url };
  const isImage = kind === "image";
  if (isImage ? IMAGE_TYPES.has(mediaType ?? "") : mediaType === "application/pdf") {
    return { type: "base64", media_type: mediaType, data: source.data };
  }
  if (isImage || mediaType === null || !mediaType.startsWith("text/")) return null;
  return { type: "text", media_type: "text/plain", data: Buffer.from(source.data, "base64").toString() };
}

function mediaBlock(part: MediaPart): JsonObject {
  const source = sourceOf(part);
  if (source === null) {
    return refuseContent(`The target model's API takes no ${part.kind} of type ${part.mediaType ?? "unknown"}.`);
  }
  if (part.kind === "image") return marked({ type: "image", source }, part);
  const title = part.fileName === null ? {} : { title: part.fileName };
  return marked({ type: "document", source, ...title }, part);
}

function resultBlock(part: ToolResultPart): JsonObject {
  const content = part.content.flatMap((each) => (each.kind === "text" ? textBlocks(each) : [mediaBlock(each)]));
  const error = part.isError ? { is_error: true } : {};
  return marked({ type: "tool_result", tool_use_id: callId(part.callId), content, ...error }, part);
}

/**
 * Reasoning goes back only where it is the vendor's own, signature and all: the API refuses any other. That it is left out
 * is noted, and never refused: a conversation that began at another model could not go on at this one.
 */
function reasoningBlocks(part: Extract<AnswerPart, { kind: "reasoning" }>, facts: RequestFacts): JsonObject[] {
  const redacted = ownSignature("anthropic", part.redacted);
  if (redacted !== null) return [{ type: "redacted_thinking", data: redacted }];
  const signature = ownSignature("anthropic", part.signature);
  if (signature !== null) return [{ type: "thinking", thinking: part.text, signature }];
  if (part.text !== "") facts.onDropped("messages.reasoning");
  return [];
}

function answerBlocks(part: AnswerPart, facts: RequestFacts): JsonObject[] {
  switch (part.kind) {
    case "text":
      return textBlocks(part);
    case "refusal":
      return textBlocks({ kind: "text", text: part.text });
    case "reasoning":
      return reasoningBlocks(part, facts);
    case "tool_call": {
      const { id, name, argumentsJson } = part;
      return [marked({ type: "tool_use", id: callId(id), name, input: argumentsObject(argumentsJson) }, part)];
    }
    default:
      return refuseContent("The target model's API takes no media in an answer.");
  }
}

/**
 * Writes the messages: neighbours of one role become one message, in which the results of tools come first, as the API
 * wants them.
 */
export function writeAnthropicMessages(request: GenerationRequest, facts: RequestFacts): JsonObject[] {
  const messages: { role: string; results: JsonObject[]; content: JsonObject[] }[] = [];
  for (const message of request.messages) {
    let last = messages.at(-1);
    if (last?.role !== message.role) {
      last = { role: message.role, results: [], content: [] };
      messages.push(last);
    }
    if (message.role === "assistant") last.content.push(...message.parts.flatMap((part) => answerBlocks(part, facts)));
    else {
      for (const part of message.parts) {
        if (part.kind === "tool_result") last.results.push(resultBlock(part));
        else last.content.push(...(part.kind === "text" ? textBlocks(part) : [mediaBlock(part)]));
      }
    }
  }
  return messages
    .map(({ role, results, content }) => ({ role, content: [...results, ...content] }))
    .filter(({ content }) => content.length > 0);
}

/** Writes the system prompt: one text, or blocks where one has a cache mark. */
export function writeAnthropicSystem(system: readonly TextPart[]): JsonObject {
  const blocks = system.flatMap(textBlocks);
  return blocks.length === 0 ? {} : { system: blocks };
}
