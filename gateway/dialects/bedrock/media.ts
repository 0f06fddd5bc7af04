import type { MediaPart } from "../generation.ts";
import type { JsonObject } from "../json-fields.ts";

const IMAGE_FORMATS: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpeg",
  "image/gif": "gif",
  "image/webp": "webp",
};
const DOCUMENT_FORMATS: Readonly<Record<string, string>> = {
  "application/pdf": "pdf",
  "text/csv": "csv",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "text/html": "html",
  "text/plain": "txt",
  "text/markdown": "md",
};
const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  "audio/wav": "wav",
  "audio/mpeg": "mp3",
  "audio/mp3": "mp3",
  "audio/flac": "flac",
  "audio/ogg": "ogg",
  "audio/aac": "aac",
  "audio/mp4": "m4a",
};
const FORMATS = { image: IMAGE_FORMATS, file: DOCUMENT_FORMATS, audio: AUDIO_FORMATS };

/** A document's name takes letters, digits, single spaces, hyphens and brackets, and every document must have one. */
function documentName(fileName: string | null): string {
  const name = (fileName ?? "").replaceAll(/[^a-zA-Z0-9\-()[\]]+/g, " ").trim();
  return name === "" ? "document" : name.slice(0, 200);
}

/** A block of media; null when the API has no word for its format, or it stands at an address, which it cannot open. */
export function mediaBlock({ kind, mediaType, source, fileName }: MediaPart): JsonObject | null {
  const formats = FORMATS[kind];
  const format = mediaType !== null && Object.hasOwn(formats, mediaType) ? formats[mediaType] : undefined;
  if (format === undefined || source.kind === "url") return null;
  const block = { format, source: { bytes: source.data } };
  if (kind === "file") return { document: { ...block, name: documentName(fileName) } };
  return kind === "image" ? { image: block } : { audio: block };
}
