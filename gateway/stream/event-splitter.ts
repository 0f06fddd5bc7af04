import { endOfEvent } from "./sse-reader.ts";

const NOTHING = Buffer.alloc(0);

/**
 * Cuts a byte stream into server-sent events: `push` what came, then take `next` until it is null. One per stream; for
 * readers that understand the events. Hot path.
 */
export class EventSplitter {
  private readonly eventBytesMax: number;
  private bytes: Buffer = NOTHING;
  private from = 0;
  /** An event grew beyond its bound: nothing more comes. */
  isOversized = false;

  constructor(eventBytesMax: number) {
    this.eventBytesMax = eventBytesMax;
  }

  push(chunk: Buffer): void {
    if (this.isOversized) return;
    this.bytes = this.from === this.bytes.length ? chunk : Buffer.concat([this.bytes.subarray(this.from), chunk]);
    this.from = 0;
  }

  /** The next whole event with its blank line; null when none is whole. */
  next(): Buffer | null {
    if (this.isOversized) return null;
    const { bytes, from } = this;
    const end = endOfEvent(bytes, from);
    if (end === -1) {
      this.isOversized = bytes.length - from > this.eventBytesMax;
      return null;
    }
    this.from = end;
    return bytes.subarray(from, end);
  }

  /** What came after the last whole event; a stream may end without its last blank line. */
  rest(): Buffer {
    const rest = this.bytes.subarray(this.from);
    this.from = this.bytes.length;
    return rest;
  }
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
