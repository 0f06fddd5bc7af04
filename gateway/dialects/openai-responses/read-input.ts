import {
  type AnswerPart,
  type GenerationRequest,
  type MediaPart,
  type Message,
  NotCarried,
  type TextPart,
  type ToolResultPart,
} from "../generation.ts";
import { asList, asObject, asText, fieldOf, type JsonObject, optionalText } from "../json-fields.ts";
import { readAudio, readFile, readImage } from "../openai-media.ts";
import { readReasoningItem } from "./reasoning-item.ts";

function unknownPart(part: JsonObject, param: string): NotCarried {
  const type = typeof part.type === "string" ? part.type.slice(0, 50) : "";
  return new NotCarried(
    `${param}.type`,
    `'${type}' is not known to the gateway and cannot be translated.`,
    type === "",
  );
}

function readInputImage(part: JsonObject, param: string): MediaPart {
  if (fieldOf(part, "file_id") !== undefined) {
    throw new NotCarried(`${param}.file_id`, "A file that was uploaded to a vendor cannot be taken to another one.");
  }
  const url = asText(part.image_url, `${param}.image_url`);
  return readImage(url, optionalText(part.detail, `${param}.detail`));
}

function readInputFile(part: JsonObject, param: string): MediaPart {
  const url = optionalText(part.file_url, `${param}.file_url`);
  if (url === null) return readFile(part, param);
  return {
    kind: "file",
    mediaType: null,
    source: { kind: "url", url },
    fileName: optionalText(part.filename, `${param}.filename`),
  };
}

/** Content that a user or a tool gives: a text, or parts. */
function readContent(content: unknown, param: string): (TextPart | MediaPart)[] {
  if (typeof content === "string") return [{ kind: "text", text: content }];
  return asList(content, param).map((item, index) => {
    const place = `${param}[${index}]`;
    const part = asObject(item, place);
    switch (part.type) {
      case "input_text":
      case "output_text":
      case "text":
        return { kind: "text", text: asText(part.text, `${place}.text`) };
      case "input_image":
        return readInputImage(part, place);
      case "input_file":
        return readInputFile(part, place);
      case "input_audio":
        return readAudio(asObject(part.input_audio, `${place}.input_audio`), `${place}.input_audio`);
      default:
        throw unknownPart(part, place);
    }
  });
}

function onlyText(parts: readonly (TextPart | MediaPart)[], param: string): TextPart[] {
  return parts.map((part) => {
    if (part.kind !== "text") throw new NotCarried(param, `'${param}' may hold text only.`, true);
    return part;
  });
}

function readAssistantContent(content: unknown, param: string): AnswerPart[] {
  if (typeof content === "string") return content === "" ? [] : [{ kind: "text", text: content }];
  return asList(content, param).map((item, index) => {
    const place = `${param}[${index}]`;
    const part = asObject(item, place);
    if (part.type === "refusal") return { kind: "refusal", text: asText(part.refusal, `${place}.refusal`) };
    if (part.type !== "output_text" && part.type !== "input_text" && part.type !== "text")
      throw unknownPart(part, place);
    return { kind: "text", text: asText(part.text, `${place}.text`) };
  });
}

/** Puts items together into turns: an assistant's thoughts, words and calls are one message, as are the results after it. */
class ItemList {
  readonly system: TextPart[] = [];
  readonly messages: Message[] = [];
  private answer: AnswerPart[] | null = null;
  private results: ToolResultPart[] | null = null;

  add(item: JsonObject, param: string): void {
    switch (item.type) {
      case undefined:
      case null:
      case "message":
        this.addMessage(item, param);
        return;
      case "reasoning":
        this.answerParts().push(readReasoningItem(item));
        return;
      case "function_call":
        this.answerParts().push({
          kind: "tool_call",
          id: asText(item.call_id, `${param}.call_id`),
          name: asText(item.name, `${param}.name`),
          argumentsJson: asText(item.arguments, `${param}.arguments`),
          signature: null,
        });
        return;
      case "function_call_output":
        this.resultParts().push({
          kind: "tool_result",
          callId: asText(item.call_id, `${param}.call_id`),
          name: null,
          content: readContent(item.output, `${param}.output`),
          isError: false,
        });
        return;
      default:
        throw unknownPart(item, param);
    }
  }

  private addMessage(item: JsonObject, param: string): void {
    const content = `${param}.content`;
    switch (item.role) {
      case "system":
      case "developer":
        this.system.push(...onlyText(readContent(item.content, content), content));
        return;
      case "user":
        this.answer = null;
        this.results = null;
        this.messages.push({ role: "user", parts: readContent(item.content, content) });
        return;
      case "assistant":
        this.answerParts().push(...readAssistantContent(item.content, content));
        return;
      default:
        throw new NotCarried(`${param}.role`, `'${param}.role' must be user, assistant, system or developer.`, true);
    }
  }

  private answerParts(): AnswerPart[] {
    this.results = null;
    if (this.answer === null) {
      this.answer = [];
      this.messages.push({ role: "assistant", parts: this.answer });
    }
    return this.answer;
  }

  private resultParts(): ToolResultPart[] {
    this.answer = null;
    if (this.results === null) {
      this.results = [];
      this.messages.push({ role: "user", parts: this.results });
    }
    return this.results;
  }
}

/** Reads `instructions` and `input`. Throws `NotCarried`. */
export function readInput(body: JsonObject): Pick<GenerationRequest, "system" | "messages"> {
  const list = new ItemList();
  const instructions = optionalText(body.instructions, "instructions");
  if (instructions !== null && instructions !== "") list.system.push({ kind: "text", text: instructions });
  if (typeof body.input === "string") list.add({ role: "user", content: body.input }, "input");
  else {
    asList(body.input, "input").forEach((item, index) => {
      list.add(asObject(item, `input[${index}]`), `input[${index}]`);
    });
  }
  if (list.messages.length === 0) throw new NotCarried("input", "'input' must hold at least one message.", true);
  return { system: list.system, messages: list.messages };
}
