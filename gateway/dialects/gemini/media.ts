import type { MediaPart } from "../generation.ts";

const TYPES_BY_EXTENSION: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  pdf: "application/pdf",
  txt: "text/plain",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  mp4: "video/mp4",
};

/** What kind of part a media type makes. */
export function mediaKind(mediaType: string | null): MediaPart["kind"] {
  if (mediaType?.startsWith("image/") === true) return "image";
  return mediaType?.startsWith("audio/") === true ? "audio" : "file";
}

/** The media type, which the API requires: as told, or by the address's extension; null when neither says. */
export function mediaTypeOf(part: MediaPart): string | null {
  if (part.mediaType !== null || part.source.kind !== "url") return part.mediaType;
  const path = part.source.url.split(/[?#]/, 1)[0] ?? "";
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(TYPES_BY_EXTENSION, extension) ? (TYPES_BY_EXTENSION[extension] ?? null) : null;
}
