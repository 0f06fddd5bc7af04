import { writeDataUrl } from "../data-url.ts";
import {
  type AnswerPart,
  type GenerationRequest,
  type MediaPart,
  type Message,
  NotCarried,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from "../generation.ts";
import { AUDIO_TYPES } from "../openai-media.ts";
import { callSignatureFields } from "./tool-call-signature.ts";

type Written = Record<string, unknown>;

/** OpenAI's name of an audio format; undefined for one that this dialect does not take. */
export function audioFormat(mediaType: string | null): string | undefined {
  if (mediaType === "audio/mp3") return "mp3";
  if (mediaType === "audio/x-wav" || mediaType === "audio/wave") return "wav";
  for (const [format, type] of AUDIO_TYPES) if (type === mediaType) return format;
  return undefined;
}

function writeImage({ source, mediaType, detail }: MediaPart): Written {
  const url = source.kind === "url" ? source.url : writeDataUrl(mediaType, source.data);
  return { type: "image_url", image_url: { url, ...(detail === undefined ? {} : { detail }) } };
}

function writeMedia(part: MediaPart): Written {
  if (part.kind === "image") return writeImage(part);
  if (part.source.kind === "url") {
    throw new NotCarried("messages", `The target model's API takes no ${part.kind} by its address, only its content.`);
  }
  if (part.kind === "audio") {
    const format = audioFormat(part.mediaType);
    if (format === undefined)
      throw new NotCarried("messages", "The target model's API takes audio as wav or mp3 only.");
    return { type: "input_audio", input_audio: { data: part.source.data, format } };
  }
  const filename = part.fileName ?? "file.pdf";
  return { type: "file", file: { filename, file_data: writeDataUrl(part.mediaType, part.source.data) } };
}

function writeParts(parts: readonly (TextPart | MediaPart)[]): string | Written[] {
  const [first] = parts;
  if (parts.length === 1 && first?.kind === "text") return first.text;
  return parts.map((part) => (part.kind === "text" ? { type: "text", text: part.text } : writeMedia(part)));
}

/** Adds a user's message: tools' results are messages of their own here, and hold text alone. */
function addUser(into: Written[], parts: readonly (TextPart | MediaPart | ToolResultPart)[]): void {
  const content: (TextPart | MediaPart)[] = [];
  for (const part of parts) {
    if (part.kind !== "tool_result") {
      content.push(part);
      continue;
    }
    const texts = part.content.filter((each) => each.kind === "text");
    // What a tool shows rather than says follows as if the user had sent it.
    for (const each of part.content) if (each.kind !== "text") content.push(each);
    const text = texts.map((each) => each.text).join("\n");
    into.push({ role: "tool", tool_call_id: part.callId, content: part.isError ? `Error: ${text}` : text });
  }
  if (content.length > 0) into.push({ role: "user", content: writeParts(content) });
}

function writeToolCall({ id, name, argumentsJson, signature }: ToolCallPart): Written {
  const called = { name, arguments: argumentsJson === "" ? "{}" : argumentsJson };
  return { id, type: "function", function: called, ...callSignatureFields(signature) };
}

/** What the model thought in earlier turns is left out: servers of this dialect refuse it or do without. */
function writeAssistant(parts: readonly AnswerPart[]): Written {
  const texts = parts.filter((part) => part.kind === "text");
  const calls = parts.filter((part) => part.kind === "tool_call");
  const refusals = parts.filter((part) => part.kind === "refusal");
  const content = texts.length === 0 && (calls.length > 0 || refusals.length > 0) ? null : writeTexts(texts);
  return {
    role: "assistant",
    content,
    ...(refusals.length === 0 ? {} : { refusal: refusals.map((part) => part.text).join("") }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(writeToolCall) }),
  };
}

function writeTexts(texts: readonly TextPart[]): string | Written[] {
  return texts.length === 0 ? "" : writeParts(texts);
}

function addMessage(into: Written[], message: Message): void {
  if (message.role === "user") addUser(into, message.parts);
  else into.push(writeAssistant(message.parts));
}

/** Writes `messages`. Throws `NotCarried` for content that this dialect has no form for: content is never left out. */
export function writeMessages({ system, messages }: GenerationRequest): Written[] {
  const written: Written[] = [];
  // One system message: more than one, or parts in it, is not understood by every server.
  if (system.length > 0) written.push({ role: "system", content: system.map((part) => part.text).join("\n\n") });
  for (const message of messages) addMessage(written, message);
  return written;
}
