import { readDataUrl } from "./data-url.ts";
import { type MediaPart, NotCarried } from "./generation.ts";
import { asText, type JsonObject, optionalText } from "./json-fields.ts";

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
