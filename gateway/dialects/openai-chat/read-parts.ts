import { type MediaPart, NotCarried, type RefusalPart, type TextPart } from "../generation.ts";
import { asList, asObject, asText, isObject, type JsonObject, optionalText } from "../json-fields.ts";
import { readAudio, readFile, readImage } from "../openai-media.ts";

function readUserPart(part: JsonObject, param: string): TextPart | MediaPart {
  switch (part.type) {
    case "text":
      return { kind: "text", text: asText(part.text, `${param}.text`) };
    case "image_url": {
      // Many clients send the address alone.
      if (typeof part.image_url === "string") return readImage(part.image_url, null);
      const image = asObject(part.image_url, `${param}.image_url`);
      const url = asText(image.url, `${param}.image_url.url`);
      return readImage(url, optionalText(image.detail, `${param}.image_url.detail`));
    }
    case "file":
      return readFile(asObject(part.file, `${param}.file`), `${param}.file`);
    case "input_audio":
      return readAudio(asObject(part.input_audio, `${param}.input_audio`), `${param}.input_audio`);
    default:
      throw unknownPart(part, param);
  }
}

function unknownPart(part: JsonObject, param: string): NotCarried {
  const type = typeof part.type === "string" ? part.type.slice(0, 50) : "";
  return new NotCarried(`${param}.type`, `Content of type '${type}' is not known to the gateway.`, type === "");
}

/** A user's content: a text, or parts. */
export function readUserContent(content: unknown, param: string): (TextPart | MediaPart)[] {
  if (typeof content === "string") return [{ kind: "text", text: content }];
  return asList(content, param).map((item, index) =>
    readUserPart(asObject(item, `${param}[${index}]`), `${param}[${index}]`),
  );
}

/** Content that may only be text: of system messages and of tools' results. */
export function readTextContent(content: unknown, param: string): TextPart[] {
  if (typeof content === "string") return [{ kind: "text", text: content }];
  return asList(content, param).map((item, index) => {
    const place = `${param}[${index}]`;
    const part = asObject(item, place);
    if (part.type !== "text") throw unknownPart(part, place);
    return { kind: "text", text: asText(part.text, `${place}.text`) };
  });
}

/** An assistant's content: null where it only called tools. */
export function readAssistantContent(content: unknown, param: string): (TextPart | RefusalPart)[] {
  if (content === undefined || content === null || content === "") return [];
  if (typeof content === "string") return [{ kind: "text", text: content }];
  return asList(content, param).map((item, index) => {
    const place = `${param}[${index}]`;
    const part = isObject(item) ? item : {};
    if (part.type === "text") return { kind: "text", text: asText(part.text, `${place}.text`) };
    if (part.type === "refusal") return { kind: "refusal", text: asText(part.refusal, `${place}.refusal`) };
    throw unknownPart(part, place);
  });
}
