/** Reading JSON in its bytes without parsing it: what the hot path needs of bodies that are passed on unchanged. */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Strings up to this length are walked; beyond it a native search for the quote is faster. */
const WALK_BYTES = 96;

/** The offset of the quote that ends the string whose content starts at `from`, or -1. */
export function stringEnd(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const soon = Math.min(at + WALK_BYTES, bytes.length);
    for (; at < soon; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) return at;
      if (byte === BACKSLASH) at += 1;
    }
    const quote = bytes.indexOf(QUOTE, at);
    if (quote === -1) return -1;
    let before = quote - 1;
    while (before >= at && bytes[before] === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 1) return quote;
    // Escaped quotes come in crowds: walk again.
    at = quote + 1;
  }
}

/** The offset behind the object or array that starts at `from`, or -1 when it does not end. Assumes well-formed JSON. */
export function containerEnd(bytes: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = stringEnd(bytes, at + 1);
      if (at === -1) return -1;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** The offset of the first byte at or behind `from` that is not JSON white space. */
export function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}
