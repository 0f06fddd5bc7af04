import type { EventCheck } from "./event-check.ts";
import { endOfEvent } from "./event-splitter.ts";
import { stringEnd } from "./json-bytes.ts";
import { findShallowUsage, findUsage } from "./usage-scan.ts";

const EMPTY_CHOICES = /"choices"\s*:\s*\[\s*\]/;
const NOTHING = Buffer.alloc(0);
/** An event that grows beyond this is passed on unread, but for its end: a picture's usage stands behind the picture. */
const EVENT_BYTES_MAX = 256 * 1_024;
const TAIL_BYTES = 8 * 1_024;
const GARBAGE = "The upstream sent an event that could not be understood.";
const REPORTED = "The upstream reported an error.";
const BROKEN_OFF = "The upstream broke off its answer.";
/** Where the generated text stands in an event of any dialect: of chat, tool calls, completions, responses, Anthropic's tools, thoughts. */
const TEXT_FIELDS = [
  '"content":"',
  '"arguments":"',
  '"text":"',
  '"delta":"',
  '"partial_json":"',
  '"thinking":"',
  '"reasoning_content":"',
  '"reasoning":"',
].map((field) => Buffer.from(field));

/**
 * Reads along in a stream of server-sent events in any dialect: passes whole events on as they are, picks up what they
 * say of usage, and keeps an OpenAI stream's usage event back from a caller who did not ask for it. One per streamed call. Hot path.
 */
export class EventScan {
  private readonly withholdUsage: boolean;
  private readonly usageKey: Buffer;
  private readonly check: EventCheck | null;
  private carry: Buffer = NOTHING;
  private isOversized = false;
  /** The end so far of an event that is too long to be read. */
  private tail: Buffer = NOTHING;
  /** The usage objects seen, as the upstream wrote them, later laid over earlier. */
  usage: unknown = null;
  /** Bytes of generated text passed on so far: what an estimate is made of when the usage event never comes. */
  textBytes = 0;
  /** How many of them there were when the upstream last said what was used. */
  usageTextBytes = 0;
  /** Why the stream cannot go on, in words for the caller; null while it can. */
  problem: string | null = null;
  /** The upstream's own error where that is the problem, as the upstream wrote it. */
  error: Buffer | null = null;

  /** `usageKey` is the key of the usage object, with its quotes; `check` is null where any event passes. */
  constructor(withholdUsage: boolean, usageKey: Buffer, check: EventCheck | null = null) {
    this.withholdUsage = withholdUsage;
    this.usageKey = usageKey;
    this.check = check;
  }

  /** Takes bytes from the upstream, returns those that go to the caller now: whole events only. */
  push(chunk: Buffer): Buffer {
    if (this.problem !== null) return NOTHING;
    const bytes = this.carry.length === 0 ? chunk : Buffer.concat([this.carry, chunk]);
    let from = 0;
    let kept = 0;
    let out: Buffer[] | null = null;
    for (let end = endOfEvent(bytes, from); end !== -1; end = endOfEvent(bytes, from)) {
      const isWithheld = this.isOversized
        ? this.readEnd(bytes.subarray(from, end))
        : this.read(bytes.subarray(from, end));
      if (this.problem !== null) return until(bytes, { out, kept, from });
      if (isWithheld) {
        out ??= [];
        out.push(bytes.subarray(kept, from));
        kept = end;
      }
      from = end;
    }
    if (this.isOversized || bytes.length - from > EVENT_BYTES_MAX) {
      this.isOversized = true;
      this.tail = lastOf(this.tail, bytes.subarray(from));
      from = bytes.length;
    }
    this.carry = from === bytes.length ? NOTHING : bytes.subarray(from);
    const last = kept === 0 && from === bytes.length ? bytes : bytes.subarray(kept, from);
    if (out === null) return last;
    out.push(last);
    return Buffer.concat(out);
  }

  /** Reads the end of an event that was too long, which is never kept back. */
  private readEnd(rest: Buffer): false {
    this.check?.skip();
    // How deep it stands cannot be told of an end alone.
    this.takeUsage(findUsage(lastOf(this.tail, rest), this.usageKey));
    this.isOversized = false;
    this.tail = NOTHING;
    return false;
  }

  /** What is left when the upstream ends in the middle of an event. */
  end(): Buffer {
    const rest = this.carry;
    this.carry = NOTHING;
    if (this.problem !== null) return NOTHING;
    if (this.isOversized) this.check?.skip();
    const isWithheld = rest.length > 0 && this.read(rest);
    if (this.check?.isWhole === false) this.problem ??= BROKEN_OFF;
    return isWithheld ? NOTHING : rest;
  }

  /** Reads one event; returns whether it is kept back. */
  private read(event: Buffer): boolean {
    const kind = this.check === null ? "good" : this.check.take(event);
    if (kind !== "good") {
      this.problem = kind === "error" ? REPORTED : GARBAGE;
      if (kind === "error") this.error = event;
      return true;
    }
    for (const field of TEXT_FIELDS) {
      const at = event.indexOf(field);
      if (at === -1) continue;
      const end = stringEnd(event, at + field.length);
      const bytes = end - at - field.length;
      // Where a thought is said, the text beside it is empty.
      if (bytes === 0) continue;
      if (end !== -1) this.textBytes += bytes;
      break;
    }
    if (!event.includes(this.usageKey) || !this.takeUsage(findShallowUsage(event, this.usageKey))) return false;
    return this.withholdUsage && EMPTY_CHOICES.test(event.toString("latin1"));
  }

  /** Lays a usage object over what was seen; returns whether there is one. */
  private takeUsage(usage: unknown): boolean {
    if (usage === null) return false;
    this.usageTextBytes = this.textBytes;
    // A first object is taken as it is: that is the common case.
    this.usage = this.usage === null ? usage : laidOver(this.usage, usage);
    return true;
  }
}

/** The fields of both, those of `later` where both have one; what it leaves null says nothing. */
function laidOver(earlier: unknown, later: unknown): unknown {
  const said = Object.entries(Object(later)).filter(([, value]) => value !== null);
  return { ...Object(earlier), ...Object.fromEntries(said) };
}

/** What goes to the caller of bytes whose event at `from` is the first that must not. */
function until(bytes: Buffer, { out, kept, from }: { out: Buffer[] | null; kept: number; from: number }): Buffer {
  const last = bytes.subarray(kept, from);
  return out === null ? last : Buffer.concat([...out, last]);
}

function lastOf(before: Buffer, bytes: Buffer): Buffer {
  const all = before.length === 0 ? bytes : Buffer.concat([before, bytes.subarray(-TAIL_BYTES)]);
  return Buffer.from(all.subarray(-TAIL_BYTES));
}
