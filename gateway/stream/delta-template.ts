import { stringEnd } from "./json-bytes.ts";

const NOTHING = Buffer.alloc(0);
/** After this many events that were not like the one before, this stream is none that repeats itself. */
const MISSES_MAX = 8;

/**
 * Knows an event again that differs from an earlier one in one string only, and reads that string without parsing the
 * event: in a stream of text nearly every event is the same but for its piece of text. As all other bytes are equal, the
 * event means the same as the one that was parsed. One per stream. Hot path.
 */
export class DeltaTemplate {
  private prefix: Buffer = NOTHING;
  private suffix: Buffer = NOTHING;
  private misses = 0;

  /** The string of an event like the one that was learnt; null for any other event. */
  read(event: Buffer): string | null {
    const { prefix, suffix } = this;
    const end = event.length - suffix.length;
    if (prefix.length === 0 || end < prefix.length) return null;
    if (event.compare(suffix, 0, suffix.length, end) !== 0) return null;
    if (event.compare(prefix, 0, prefix.length, 0, prefix.length) !== 0) return null;
    if (stringEnd(event, prefix.length) !== end) return null;
    this.misses = 0;
    return decoded(event, prefix.length, end);
  }

  /** Learns from an event that was parsed: `key` with the quote that opens its string stands before `text`. */
  learn(event: Buffer, key: Buffer, text: string): void {
    if (this.misses >= MISSES_MAX) return;
    this.misses += 1;
    this.prefix = NOTHING;
    const at = event.indexOf(key);
    if (at === -1) return;
    const start = at + key.length;
    const end = stringEnd(event, start);
    if (end === -1 || decoded(event, start, end) !== text) return;
    // Copies: a view would keep the whole chunk alive.
    this.prefix = Buffer.from(event.subarray(0, start));
    this.suffix = Buffer.from(event.subarray(end));
  }
}

function decoded(bytes: Buffer, start: number, end: number): string | null {
  const text = bytes.toString("utf8", start, end);
  if (!text.includes("\\")) return text;
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}
