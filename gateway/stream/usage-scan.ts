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

/** Usage stands in an event itself or in the one object that it is about; further in are the caller's own names. */
const EVENT_DEPTH_MAX = 2;

/**
 * The same in one event of a stream, where the answer may repeat what was asked: only as deep as a vendor's own words
 * stand. A caller who names a tool's parameter "usage" does not write his own bill.
 */
export function findEventUsage(event: Buffer, key: Buffer): unknown {
  for (let at = event.lastIndexOf(key); at !== -1; at = at === 0 ? -1 : event.lastIndexOf(key, at - 1)) {
    const usage = depthAt(event, at) > EVENT_DEPTH_MAX ? null : usageAt(event, at + key.length);
    if (usage !== null) return usage;
  }
  return null;
}

/** How many objects and arrays are open at an offset outside strings. What stands before the first one is no JSON. */
function depthAt(bytes: Buffer, until: number): number {
  let depth = 0;
  const from = bytes.indexOf(0x7b);
  for (let at = from === -1 ? until : from; at < until; at++) {
    const byte = bytes[at];
    if (byte === 0x22) {
      at = stringEnd(bytes, at + 1);
      if (at === -1) return Number.POSITIVE_INFINITY;
    } else if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return depth;
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
