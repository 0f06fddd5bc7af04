import { containerEnd, skipSpace, stringEnd } from "./json-bytes.ts";

const USAGE_BYTES_MAX = 8_192;

/**
 * The last object under `key` (with its quotes) in the bytes of an answer, parsed; null when there is none. The key cannot
 * be met inside a string: there its quotes are escaped.
 */
export function findUsage(bytes: Buffer, key: Buffer): unknown {
  for (let at = bytes.lastIndexOf(key); at !== -1; at = at === 0 ? -1 : bytes.lastIndexOf(key, at - 1)) {
    const usage = usageAt(bytes, at + key.length);
    if (usage !== null) return usage;
  }
  return null;
}

/** Usage stands in an answer or event itself or in the one object that an event is about; further in are the caller's own names. */
const DEPTH_MAX = 2;

/**
 * The same in one answer, or one event of a stream, that may repeat what was asked: only as deep as a vendor's own words
 * stand. A caller who names a tool's parameter "usage" does not write his own bill.
 */
export function findShallowUsage(bytes: Buffer, key: Buffer): unknown {
  if (!bytes.includes(key)) return null;
  let found: unknown = null;
  let depth = 0;
  // What stands before the first object is no JSON. One pass, however often a caller has written the name.
  for (let at = bytes.indexOf(0x7b); at !== -1 && at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x22) {
      const end = stringEnd(bytes, at + 1);
      if (end === -1) break;
      const isKey = depth <= DEPTH_MAX && end + 1 - at === key.length && key.compare(bytes, at, end + 1) === 0;
      if (isKey) found = usageAt(bytes, end + 1) ?? found;
      at = end;
    } else if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return found;
}

function usageAt(bytes: Buffer, at: number): unknown {
  const colon = skipSpace(bytes, at);
  if (bytes[colon] !== 0x3a) return null;
  const start = skipSpace(bytes, colon + 1);
  if (bytes[start] !== 0x7b) return null;
  const end = containerEnd(bytes, start);
  if (end === -1 || end - start > USAGE_BYTES_MAX) return null;
  try {
    return JSON.parse(bytes.toString("utf8", start, end));
  } catch {
    return null;
  }
}
