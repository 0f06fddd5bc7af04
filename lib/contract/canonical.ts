import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** The canonical JSON text of a value (RFC 8785), so that equal documents have equal hashes on every machine. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("A value without a JSON form has no canonical text");
  return text;
}

/** SHA-256 in lower-case hex. */
export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
