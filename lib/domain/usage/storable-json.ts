/**
 * The JSON text of a value as PostgreSQL can store it: bigint as text, and NUL and lone surrogates, which it refuses,
 * as U+FFFD. Callers' own texts are in usage events; one odd character must not stop a node's spool for ever.
 */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value, (_, part) => (typeof part === "bigint" ? part.toString() : part));
  return MAY_BE_REFUSED.test(text) ? JSON.stringify(storable(JSON.parse(text))) : text;
}

/** JSON.stringify writes NUL and lone surrogates as these escapes, and pairs as plain text. */
const MAY_BE_REFUSED = /\\u(?:0000|d[89a-f])/i;

function storable(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed().replaceAll("\0", "\uFFFD");
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [storable(key), storable(part)]));
}
