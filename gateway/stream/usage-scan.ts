import { containerEnd, skipSpace } from "./json-bytes.ts";

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
