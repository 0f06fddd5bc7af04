import {
  type AnswerPart,
  type MediaPart,
  type Message,
  NotCarried,
  type TextPart,
  type ToolResultPart,
} from "../generation.ts";
import {
  asList,
  asObject,
  asText,
  type JsonObject,
  optionalFlag,
  optionalText,
  refuseUnknown,
} from "../json-fields.ts";
import { asEnvelope, optionalEnvelope } from "./envelope.ts";
import { mediaKind } from "./media.ts";
import { readThoughtSignature } from "./thought-signature.ts";

const PART_FIELDS = new Set([
  "text",
  "thought",
  "thoughtSignature",
  "inlineData",
  "fileData",
  "functionCall",
  "functionResponse",
]);
const CALL_FIELDS = new Set(["id", "name", "args"]);
const RESULT_FIELDS = new Set(["id", "name", "response", "parts"]);
/** Files that only Google's own models can open. */
const GOOGLE_FILE = /^(gs:|https:\/\/generativelanguage\.googleapis\.com\/)/;

/** A call that a result must still come for. */
interface PendingCall {
  readonly id: string;
  readonly name: string;
}

/**
 * Reads the contents of a conversation. Calls need no id in this dialect: one without gets it by its place, and a result
 * without belongs to the first call of its name that has none yet. One per request. Throws `NotCarried`.
 */
export class ContentReader {
  private readonly pending: PendingCall[] = [];
  private calls = 0;

  read(value: unknown, param: string): Message {
    const content = asEnvelope(value, param);
    const role = optionalText(content.role, `${param}.role`) ?? "user";
    const parts = asList(content.parts ?? [], `${param}.parts`);
    const at = (index: number) => `${param}.parts[${index}]`;
    if (role === "model") {
      return { role: "assistant", parts: parts.flatMap((part, index) => this.readAnswerPart(part, at(index))) };
    }
    if (role === "user" || role === "function") {
      return { role: "user", parts: parts.map((part, index) => this.readUserPart(part, at(index))) };
    }
    throw new NotCarried(`${param}.role`, `'${param}.role' must be user or model.`, true);
  }

  private readAnswerPart(value: unknown, param: string): AnswerPart[] {
    const part = readPart(value, param);
    const given = optionalText(part.thoughtSignature, `${param}.thoughtSignature`);
    const { signature, redacted } = readThoughtSignature(given ?? "");
    if (part.functionCall !== undefined) return [this.readCall(part.functionCall, `${param}.functionCall`, signature)];
    if (part.inlineData !== undefined || part.fileData !== undefined) return [readMedia(part, param)];
    const text = asText(part.text, `${param}.text`);
    if (optionalFlag(part.thought, `${param}.thought`) === true)
      return [{ kind: "reasoning", text, signature, redacted }];
    const said: AnswerPart[] = text === "" ? [] : [{ kind: "text", text }];
    return signature === null ? said : [...said, { kind: "reasoning", text: "", signature, redacted: null }];
  }

  private readCall(value: unknown, param: string, signature: string | null): AnswerPart {
    const call = asEnvelope(value, param);
    refuseUnknown(call, CALL_FIELDS, param);
    const name = asText(call.name, `${param}.name`);
    this.calls += 1;
    const id = optionalText(call.id, `${param}.id`) ?? `call_${this.calls}`;
    this.pending.push({ id, name });
    const argumentsJson = JSON.stringify(asObject(call.args ?? {}, `${param}.args`));
    return { kind: "tool_call", id, name, argumentsJson, signature };
  }

  private readUserPart(value: unknown, param: string): TextPart | MediaPart | ToolResultPart {
    const part = readPart(value, param);
    if (part.functionResponse !== undefined) return this.readResult(part.functionResponse, `${param}.functionResponse`);
    if (part.inlineData !== undefined || part.fileData !== undefined) return readMedia(part, param);
    if (part.functionCall === undefined) return { kind: "text", text: asText(part.text, `${param}.text`) };
    throw new NotCarried(`${param}.functionCall`, "A function call stands only in content of the role model.", true);
  }

  private readResult(value: unknown, param: string): ToolResultPart {
    const result = asEnvelope(value, param);
    refuseUnknown(result, RESULT_FIELDS, param);
    const name = asText(result.name, `${param}.name`);
    const callId = this.answer(optionalText(result.id, `${param}.id`), name, param);
    const parts = asList(result.parts ?? [], `${param}.parts`);
    const media = parts.map((part, index) => {
      const at = `${param}.parts[${index}]`;
      return readMedia(readPart(part, at), at);
    });
    const { content, isError } = readResponse(asObject(result.response ?? {}, `${param}.response`));
    return { kind: "tool_result", callId, name, content: [...content, ...media], isError };
  }

  /** The id of the call that a result answers. */
  private answer(id: string | null, name: string, param: string): string {
    const at = this.pending.findIndex((call) => (id === null ? call.name === name : call.id === id));
    const [call] = at === -1 ? [] : this.pending.splice(at, 1);
    if (call !== undefined) return call.id;
    throw new NotCarried(param, `'${param}' answers no function call before it.`, true);
  }
}

function readPart(value: unknown, param: string): JsonObject {
  const part = asEnvelope(value, param);
  refuseUnknown(part, PART_FIELDS, param);
  return part;
}

function readMedia(part: JsonObject, param: string): MediaPart {
  const inline = optionalEnvelope(part.inlineData, `${param}.inlineData`);
  if (inline !== null) {
    const mediaType = asText(inline.mimeType, `${param}.inlineData.mimeType`);
    const source = { kind: "base64", data: asText(inline.data, `${param}.inlineData.data`) } as const;
    const fileName = optionalText(inline.displayName, `${param}.inlineData.displayName`);
    return { kind: mediaKind(mediaType), mediaType, source, fileName };
  }
  const file = asEnvelope(part.fileData, `${param}.fileData`);
  const url = asText(file.fileUri, `${param}.fileData.fileUri`);
  if (GOOGLE_FILE.test(url))
    throw new NotCarried(`${param}.fileData.fileUri`, "Only Google's models can open this file.");
  const mediaType = optionalText(file.mimeType, `${param}.fileData.mimeType`);
  const fileName = optionalText(file.displayName, `${param}.fileData.displayName`);
  return { kind: mediaKind(mediaType), mediaType, source: { kind: "url", url }, fileName };
}

/** What a function gave back: `output` and `error` alone are a text, anything else is the JSON that it is. */
function readResponse(response: JsonObject): Pick<ToolResultPart, "content" | "isError"> {
  const [[key, value] = [], ...others] = Object.entries(response);
  const isText = others.length === 0 && typeof value === "string" && (key === "output" || key === "error");
  const text = isText ? value : JSON.stringify(response);
  return { content: [{ kind: "text", text }], isError: isText && key === "error" };
}
