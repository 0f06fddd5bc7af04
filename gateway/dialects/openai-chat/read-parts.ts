import { readDataUrl } from "../data-url.ts";
import { type MediaPart, NotCarried, type RefusalPart, type TextPart } from "../generation.ts";
import { asList, asObject, asText, isObject, type JsonObject, optionalText } from "../json-fields.ts";

/** The media types of the audio formats that the dialect names. */
export const AUDIO_TYPES: ReadonlyMap<string, string> = new Map([
  ["wav", "audio/wav"],
  ["mp3", "audio/mpeg"],
]);

/** An image by its URL, which may hold the image itself. */
export function readImage(url: string, detail: string | null): MediaPart {
  const data = readDataUrl(url);
  const more = detail === null ? {} : { detail };
  if (data === null) return { kind: "image", mediaType: null, source: { kind: "url", url }, fileName: null, ...more };
  const source = { kind: "base64", data: data.data } as const;
  return { kind: "image", mediaType: data.mediaType, source, fileName: null, ...more };
}

/** A file with its content in the request. One that was uploaded before exists only at the vendor. */
export function readFile(file: JsonObject, param: string): MediaPart {
  if (file.file_id !== undefined && file.file_id !== null) {
    throw new NotCarried(`${param}.file_id`, "A file that was uploaded to a vendor cannot be taken to another one.");
  }
  const text = asText(file.file_data, `${param}.file_data`);
  const { mediaType, data } = readDataUrl(text) ?? { mediaType: null, data: text };
  const fileName = optionalText(file.filename, `${param}.filename`);
  return { kind: "file", mediaType: mediaType ?? "application/pdf", source: { kind: "base64", data }, fileName };
}

export function readAudio(audio: JsonObject, param: string): MediaPart {
  const format = asText(audio.format, `${param}.format`);
  const source = { kind: "base64", data: asText(audio.data, `${param}.data`) } as const;
  return { kind: "audio", mediaType: AUDIO_TYPES.get(format) ?? `audio/${format}`, source, fileName: null };
}

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
