const NOTHING = Buffer.alloc(0);
const LF = 10;
const CR = 13;
/** A remainder beyond this is put together in a buffer that grows by doubling, so that a long event is copied few times. */
const SMALL_BYTES = 64 * 1_024;

/**
 * Cuts a byte stream into server-sent events: `push` what came, then take `next` until it is null. Lines end in LF or CRLF.
 * One per stream; for readers that understand the events. What `next` returns is good until the next `push`. Hot path.
 */
export class EventSplitter {
  private readonly eventBytesMax: number;
  private bytes: Buffer = NOTHING;
  /** Whether `bytes` is a buffer of our own, with room behind `end`. */
  private isOwn = false;
  private from = 0;
  private end = 0;
  /** Up to here no event ends. */
  private searched = 0;
  /** An event grew beyond its bound: nothing more comes. */
  isOversized = false;

  constructor(eventBytesMax: number) {
    this.eventBytesMax = eventBytesMax;
  }

  push(chunk: Buffer): void {
    if (this.isOversized) return;
    const rest = this.end - this.from;
    if (rest === 0) this.take(chunk, chunk.length, false);
    else if (this.isOwn && this.bytes.length - this.end >= chunk.length) {
      chunk.copy(this.bytes, this.end);
      this.end += chunk.length;
    } else this.grow(rest, chunk);
  }

  /** The next whole event with its blank line; null when none is whole. */
  next(): Buffer | null {
    if (this.isOversized) return null;
    const end = this.endOfEvent();
    if (end === -1) {
      this.isOversized = this.end - this.from > this.eventBytesMax;
      if (this.isOversized) this.take(NOTHING, 0, false);
      return null;
    }
    const event = this.bytes.subarray(this.from, end);
    this.from = end;
    this.searched = end;
    return event;
  }

  /** What came after the last whole event; a stream may end without its last blank line. */
  rest(): Buffer {
    const rest = this.bytes.subarray(this.from, this.end);
    this.from = this.end;
    return rest;
  }

  private take(bytes: Buffer, end: number, isOwn: boolean): void {
    this.bytes = bytes;
    this.isOwn = isOwn;
    this.from = 0;
    this.end = end;
    this.searched = 0;
  }

  private grow(rest: number, chunk: Buffer): void {
    const size = rest + chunk.length;
    const grown = Buffer.allocUnsafe(size <= SMALL_BYTES ? size : size * 2);
    this.bytes.copy(grown, 0, this.from, this.end);
    chunk.copy(grown, rest);
    const searched = this.searched - this.from;
    this.take(grown, size, true);
    this.searched = searched;
  }

  private endOfEvent(): number {
    const { from } = this;
    const bytes = this.isOwn ? this.bytes.subarray(0, this.end) : this.bytes;
    for (let at = bytes.indexOf(LF, this.searched); at !== -1; at = bytes.indexOf(LF, at + 1)) {
      const end = blankLineEnd(bytes, from, at);
      if (end !== -1) return end;
    }
    // A blank line may be cut in two.
    this.searched = Math.max(from, this.end - 2);
    return -1;
  }
}

/** The offset behind the blank line that ends the event starting at `from`, or -1. Lines end in LF or CRLF. */
export function endOfEvent(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    const end = blankLineEnd(bytes, from, at);
    if (end !== -1) return end;
  }
  return -1;
}

/** Where an event that began at `from` ends, if the line feed at `at` is its last but one or, of an empty one, its only; or -1. */
function blankLineEnd(bytes: Buffer, from: number, at: number): number {
  if (bytes[at + 1] === LF) return at + 2;
  if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  return at === from || (at === from + 1 && bytes[from] === CR) ? at + 1 : -1;
}

/** The `data` of an event; empty when it has none, as a comment has. */
export function eventData(event: Buffer): string {
  // Nearly every event is one line of data: "data: …".
  const firstLine = event.indexOf(10);
  const isOneLine = firstLine === -1 || event.length - firstLine <= 3;
  if (isOneLine && event[0] === 0x64 && event[4] === 0x3a) {
    let end = firstLine === -1 ? event.length : firstLine;
    if (event[end - 1] === 13) end -= 1;
    return event.toString("utf8", event[5] === 0x20 ? 6 : 5, end);
  }
  const lines: string[] = [];
  for (const line of event.toString().split(/\r?\n/)) {
    if (line.startsWith("data:")) lines.push(line.slice(line[5] === " " ? 6 : 5));
  }
  return lines.join("\n");
}
