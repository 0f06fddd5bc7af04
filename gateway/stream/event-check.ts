import { skipSpace } from "./json-bytes.ts";

const LF = 10;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const DATA_LINE = Buffer.from("\ndata:");
const DONE = "[DONE]";

/**
 * Watches the events of a stream that is passed on, so that a caller's SDK never meets what it cannot read, nor takes a
 * stream that broke off for a whole one. Looks at the ends of an event's data alone: JSON that is broken within is not
 * found. One per streamed call. Hot path.
 */
export class EventCheck {
  private readonly endMark: RegExp;
  private isDone = false;
  /** The last events with data: what ends a stream stands in one of them. */
  private last: Buffer | null = null;
  private second: Buffer | null = null;
  private third: Buffer | null = null;

  /** `endMark` is found in the last or one of the two events before it where the stream is whole, unless it ends in `[DONE]`. */
  constructor(endMark: RegExp) {
    this.endMark = endMark;
  }

  /** Takes the next whole event; false: its data is no JSON object. */
  take(event: Buffer): boolean {
    const start = dataStart(event);
    if (start === -1) return true;
    const from = skipSpace(event, start);
    // An event without data says nothing.
    if (from >= event.length) return true;
    if (event[from] !== OPEN) {
      this.isDone = event.toString("latin1", from, from + DONE.length) === DONE;
      return this.isDone;
    }
    this.third = this.second;
    this.second = this.last;
    this.last = event;
    let end = event.length - 1;
    while ((event[end] ?? OPEN) <= 0x20) end -= 1;
    if (event[end] === CLOSE) return true;
    // More lines may follow the first one of the data.
    const lineEnd = event.indexOf(LF, from);
    return lineEnd !== -1 && lineEnd < end;
  }

  /** An event went by unread. */
  skip(): void {
    this.isDone = true;
  }

  /** Whether what was taken so far is a whole stream. */
  get isWhole(): boolean {
    return this.isDone || this.isEnd(this.last) || this.isEnd(this.second) || this.isEnd(this.third);
  }

  private isEnd(event: Buffer | null): boolean {
    return event !== null && this.endMark.test(event.toString("latin1"));
  }
}

/** Where the data of an event begins; -1 where it has none. */
function dataStart(event: Buffer): number {
  if (event[0] === 0x64 && event[4] === 0x3a) return 5;
  const at = event.indexOf(DATA_LINE);
  return at === -1 ? -1 : at + DATA_LINE.length;
}
