/** Splits a byte stream into the `data` of its server-sent events (WHATWG), bounded. Not on the hot path of calls. */
export class SseReader {
  private readonly eventBytesMax: number;
  private pending: Buffer[] = [];
  private pendingBytes = 0;

  constructor(eventBytesMax: number) {
    this.eventBytesMax = eventBytesMax;
  }

  /** Takes bytes and returns the data of every event they complete. Throws `RangeError` when an event is too long. */
  push(chunk: Buffer): string[] {
    this.pendingBytes += chunk.length;
    if (this.pendingBytes > this.eventBytesMax) throw new RangeError("A server-sent event is too long");
    this.pending.push(chunk);
    if (!chunk.includes(10)) return [];
    const all = this.pending.length === 1 ? chunk : Buffer.concat(this.pending);
    const found: string[] = [];
    let from = 0;
    for (;;) {
      const end = endOfEvent(all, from);
      if (end === -1) break;
      const data = dataOf(all.toString("utf8", from, end));
      if (data !== "") found.push(data);
      from = end;
    }
    const rest = all.subarray(from);
    this.pending = rest.length === 0 ? [] : [rest];
    this.pendingBytes = rest.length;
    return found;
  }
}

/** The offset behind the blank line that ends the event starting at `from`, or -1. Lines end in LF or CRLF. */
export function endOfEvent(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(10, from); at !== -1; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return at + 2;
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3;
    if (at === from) return at + 1;
    if (at === from + 1 && bytes[from] === 13) return at + 1;
  }
  return -1;
}

function dataOf(event: string): string {
  const lines: string[] = [];
  for (const line of event.split(/\r?\n/)) {
    if (line.startsWith("data:")) lines.push(line.slice(line[5] === " " ? 6 : 5));
  }
  return lines.join("\n");
}
