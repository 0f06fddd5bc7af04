/** What a `data:` URL holds, or base64 alone. */
export interface DataUrl {
  /** Null where the text did not say. */
  readonly mediaType: string | null;
  readonly data: string;
}

/** Reads `data:<type>;base64,<data>`; null for any other text. */
export function readDataUrl(text: string): DataUrl | null {
  if (!text.startsWith("data:")) return null;
  const comma = text.indexOf(",");
  const head = text.slice(5, comma);
  if (comma === -1 || !head.endsWith(";base64")) return null;
  const [mediaType = ""] = head.split(";", 1);
  return { mediaType: mediaType === "" ? null : mediaType, data: text.slice(comma + 1) };
}

/** Writes base64 as a `data:` URL. */
export function writeDataUrl(mediaType: string | null, data: string): string {
  return `data:${mediaType ?? "application/octet-stream"};base64,${data}`;
}
