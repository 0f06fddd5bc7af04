import {
  type AnswerPart,
  type MediaPart,
  type Message,
  NotCarried,
  type ReasoningPart,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from "../generation.ts";
import {
  asList,
  asObject,
  asText,
  fieldOf,
  type JsonObject,
  optionalFlag,
  optionalObject,
  optionalText,
  refuseUnknown,
} from "../json-fields.ts";

type UserPart = TextPart | MediaPart | ToolResultPart;

const TEXT_FIELDS = new Set(["type", "text", "cache_control", "citations"]);
const MEDIA_FIELDS = new Set(["type", "source", "title", "cache_control", "citations"]);
const CALL_FIELDS = new Set(["type", "id", "name", "input", "cache_control", "caller"]);
const RESULT_FIELDS = new Set(["type", "tool_use_id", "content", "is_error", "cache_control"]);
const PLAIN_TEXT = "text/plain";

/** A prompt cache mark: how long it is kept (`ttl`) is a hint that no other dialect has a word for. */
function cacheMark(block: JsonObject, param: string): { isCachePoint?: true } {
  return optionalObject(block.cache_control, `${param}.cache_control`) === null ? {} : { isCachePoint: true };
}

/** Citations change what an answer looks like, and no other dialect has them. */
function refuseCitations(block: JsonObject, param: string): void {
  const { citations } = block;
  const isOff = citations === undefined || citations === null || fieldOf(citations, "enabled") === false;
  if (isOff || (Array.isArray(citations) && citations.length === 0)) return;
  throw new NotCarried(`${param}.citations`, "Citations cannot be translated.");
}

function readText(block: JsonObject, param: string): TextPart {
  refuseUnknown(block, TEXT_FIELDS, param);
  refuseCitations(block, param);
  return { kind: "text", text: asText(block.text, `${param}.text`), ...cacheMark(block, param) };
}

function readSource(source: JsonObject, param: string, isImage: boolean): Pick<MediaPart, "mediaType" | "source"> {
  switch (source.type) {
    case "base64": {
      const mediaType = asText(source.media_type, `${param}.media_type`);
      return { mediaType, source: { kind: "base64", data: asText(source.data, `${param}.data`) } };
    }
    case "url": {
      const url = asText(source.url, `${param}.url`);
      return { mediaType: isImage ? null : "application/pdf", source: { kind: "url", url } };
    }
    case "text": {
      const data = Buffer.from(asText(source.data, `${param}.data`)).toString("base64");
      return { mediaType: PLAIN_TEXT, source: { kind: "base64", data } };
    }
    default:
      throw new NotCarried(`${param}.type`, "Only sources of type base64, url and text can be translated.");
  }
}

function readMedia(block: JsonObject, param: string): MediaPart {
  refuseUnknown(block, MEDIA_FIELDS, param);
  refuseCitations(block, param);
  const isImage = block.type === "image";
  const source = asObject(block.source, `${param}.source`);
  return {
    kind: isImage ? "image" : "file",
    ...readSource(source, `${param}.source`, isImage),
    fileName: optionalText(block.title, `${param}.title`),
    ...cacheMark(block, param),
  };
}

function readBlock(value: unknown, param: string): JsonObject {
  const block = asObject(value, param);
  asText(block.type, `${param}.type`);
  return block;
}

function untranslatable(block: JsonObject, param: string): NotCarried {
  return new NotCarried(`${param}.type`, `Content of type '${String(block.type)}' cannot be translated.`);
}

function readResultPart(value: unknown, param: string): TextPart | MediaPart {
  const block = readBlock(value, param);
  if (block.type === "text") return readText(block, param);
  if (block.type === "image" || block.type === "document") return readMedia(block, param);
  throw untranslatable(block, param);
}

function readResult(block: JsonObject, param: string): ToolResultPart {
  refuseUnknown(block, RESULT_FIELDS, param);
  const { content } = block;
  return {
    kind: "tool_result",
    callId: asText(block.tool_use_id, `${param}.tool_use_id`),
    name: null,
    content: content === undefined || content === null ? [] : readParts(content, `${param}.content`, readResultPart),
    isError: optionalFlag(block.is_error, `${param}.is_error`) ?? false,
    ...cacheMark(block, param),
  };
}

function readUserPart(value: unknown, param: string): UserPart {
  const block = readBlock(value, param);
  return block.type === "tool_result" ? readResult(block, param) : readResultPart(block, param);
}

function readThinking(block: JsonObject, param: string): ReasoningPart {
  const text = asText(block.thinking, `${param}.thinking`);
  const signature = optionalText(block.signature, `${param}.signature`);
  return { kind: "reasoning", text, signature: signature === "" ? null : signature, redacted: null };
}

function readCall(block: JsonObject, param: string): ToolCallPart {
  refuseUnknown(block, CALL_FIELDS, param);
  const caller = fieldOf(block, "caller");
  if (caller !== undefined && fieldOf(caller, "type") !== "direct") {
    throw new NotCarried(`${param}.caller`, "Calls that a hosted tool made cannot be translated.");
  }
  return {
    kind: "tool_call",
    id: asText(block.id, `${param}.id`),
    name: asText(block.name, `${param}.name`),
    argumentsJson: JSON.stringify(asObject(block.input, `${param}.input`)),
    signature: null,
    ...cacheMark(block, param),
  };
}

function readAnswerPart(value: unknown, param: string): AnswerPart {
  const block = readBlock(value, param);
  switch (block.type) {
    case "text":
      return readText(block, param);
    case "thinking":
      return readThinking(block, param);
    case "redacted_thinking":
      return { kind: "reasoning", text: "", signature: null, redacted: asText(block.data, `${param}.data`) };
    case "tool_use":
      return readCall(block, param);
    default:
      throw untranslatable(block, param);
  }
}

/** A string stands for one text block. */
function readParts<Part>(
  content: unknown,
  param: string,
  read: (value: unknown, param: string) => Part | TextPart,
): (Part | TextPart)[] {
  if (typeof content === "string") return [{ kind: "text", text: content }];
  return asList(content, param).map((block, index) => read(block, `${param}[${index}]`));
}

/** Reads `system`, or the content of a system message. Throws `NotCarried`. */
export function readSystem(value: unknown, param: string): TextPart[] {
  if (value === undefined || value === null) return [];
  return readParts<TextPart>(value, param, (item, at) => {
    const block = readBlock(item, at);
    if (block.type !== "text") throw untranslatable(block, at);
    return readText(block, at);
  });
}

/** Reads one message of the roles user and assistant. Throws `NotCarried`. */
export function readMessage(message: JsonObject, param: string): Message {
  const content = `${param}.content`;
  if (message.role === "user")
    return { role: "user", parts: readParts<UserPart>(message.content, content, readUserPart) };
  if (message.role === "assistant") {
    return { role: "assistant", parts: readParts<AnswerPart>(message.content, content, readAnswerPart) };
  }
  const isSystem = message.role === "system";
  const why = isSystem ? "System messages between others cannot be translated." : `'${param}.role' is not known.`;
  throw new NotCarried(`${param}.role`, why, !isSystem);
}
