import { ownSignature, tagSignature } from "../signature.ts";

/** Marks what this gateway put into `thoughtSignature` for another vendor: a signature, or reasoning nobody may read. */
const FOREIGN_SIGNATURE = "tp:s:";
const FOREIGN_REDACTED = "tp:r:";

/**
 * A signature as a caller of this dialect gets it. The field is base64, and some clients hand it back in another alphabet
 * of base64: another vendor's signature, which is text to us, is therefore wrapped.
 */
export function writeThoughtSignature(signature: string): string {
  return ownSignature("gemini", signature) ?? Buffer.from(FOREIGN_SIGNATURE + signature).toString("base64");
}

/** Another vendor's reasoning that nobody may read, wrapped likewise. */
export function writeRedacted(redacted: string): string {
  return Buffer.from(FOREIGN_REDACTED + redacted).toString("base64");
}

/** What a `thoughtSignature` that a caller hands back is. */
export function readThoughtSignature(value: string): {
  readonly signature: string | null;
  readonly redacted: string | null;
} {
  const text = Buffer.from(value, "base64").toString();
  if (text.startsWith(FOREIGN_SIGNATURE)) return { signature: text.slice(FOREIGN_SIGNATURE.length), redacted: null };
  if (text.startsWith(FOREIGN_REDACTED)) return { signature: null, redacted: text.slice(FOREIGN_REDACTED.length) };
  return { signature: value === "" ? null : tagSignature("gemini", value), redacted: null };
}
