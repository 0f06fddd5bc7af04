import { skipSpace } from "./json-bytes.ts";

const LF = 10;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const DATA_LINE = Buffer.from("\ndata:");
const DONE = "[DONE]";
const LETTER_E = 0x65;
const LETTER_N = 0x6e;
const ERROR_LINE = "event: error";
const ERROR_FIELD = '{"error":';
const ERROR_TYPE = '{"type":"error"';
/** How an event's name, and its type, begin to differ from an error's. */
const NAME_PLACE = 7;
const FIELD_PLACE = 2;
const TYPE_PLACE = 9;

/** What an event is to a stream: one that goes on, the upstream's own error, or data that is no JSON object. */
export type EventKind = "good" | "error" | "garbage";

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

  /** Takes the next whole event. */
  take(event: Buffer): EventKind {
    const start = dataStart(event);
    if (start === -1) return "good";
    const from = skipSpace(event, start);
    // An event without data says nothing.
    if (from >= event.length) return "good";
    if (event[from] !== OPEN) {
      this.isDone = event.toString("latin1", from, from + DONE.length) === DONE;
      return this.isDone ? "good" : "garbage";
    }
    if (isError(event, from)) return "error";
    this.third = this.second;
    this.second = this.last;
    this.last = event;
    let end = event.length - 1;
    while ((event[end] ?? OPEN) <= 0x20) end -= 1;
    if (event[end] === CLOSE) return "good";
    // More lines may follow the first one of the data.
    const lineEnd = event.indexOf(LF, from);
    return lineEnd !== -1 && lineEnd < end ? "good" : "garbage";
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

/** Whether an event, whose object begins at `from`, is its upstream's error: every dialect says so in the beginning. */
function isError(event: Buffer, from: number): boolean {
  return (
    (event[NAME_PLACE] === LETTER_E && startsWith(event, 0, ERROR_LINE)) ||
    (event[from + FIELD_PLACE] === LETTER_E && startsWith(event, from, ERROR_FIELD) && !isNull(event, from)) ||
    (event[from + TYPE_PLACE] === LETTER_E && startsWith(event, from, ERROR_TYPE))
  );
}

/** Whether the error that an object begins with is none. */
function isNull(event: Buffer, from: number): boolean {
  return event[skipSpace(event, from + ERROR_FIELD.length)] === LETTER_N;
}

function startsWith(event: Buffer, from: number, text: string): boolean {
  return event.toString("latin1", from, from + text.length) === text;
}
