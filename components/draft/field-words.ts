import { pointerSegments } from "#lib/contract/field-changes.ts";

/** A field of a resource in words: `/versions/1.0.0/retry/attempts` → "version 1.0.0, retry, attempts". */
export function fieldWords(pointer: string): string {
  const segments = pointerSegments(pointer);
  const isVersion = segments[0] === "versions" && segments[1] !== undefined;
  const rest = isVersion ? segments.slice(2) : segments;
  const words = rest.map((name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  return (isVersion ? [`version ${segments[1]}`, ...words] : words).join(", ");
}

/** The field that can be taken back by itself: of a version one of its own, elsewhere the outermost. */
export function outerField(pointer: string): string {
  const segments = pointer.split("/");
  return segments.slice(0, segments[1] === "versions" ? 4 : 2).join("/");
}
