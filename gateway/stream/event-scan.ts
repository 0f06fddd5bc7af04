import { stringEnd } from "./json-bytes.ts";
import { endOfEvent } from "./sse-reader.ts";
import { findUsage } from "./usage-scan.ts";

const USAGE = Buffer.from('"usage"');
const EMPTY_CHOICES = /"choices"\s*:\s*\[\s*\]/;
const NOTHING = Buffer.alloc(0);
/** An event that grows beyond this is passed on unread. */
const EVENT_BYTES_MAX = 256 * 1_024;
/** Where the generated text stands in an event of chat, of tool calls and of completions. */
const TEXT_FIELDS = [Buffer.from('"content":"'), Buffer.from('"arguments":"'), Buffer.from('"text":"')];

/**
 * Reads along in a stream of server-sent events in OpenAI's dialect: passes whole events on as they are, picks up the
 * usage event, and keeps it back from a caller who did not ask for it. One per streamed call. Hot path.
 */
export class EventScan {
  private readonly withholdUsage: boolean;
  private carry: Buffer = NOTHING;
  private isOversized = false;
  /** The last usage object seen, as the upstream wrote it. */
  usage: unknown = null;
  /** Bytes of generated text passed on so far: what an estimate is made of when the usage event never comes. */
  textBytes = 0;

  constructor(withholdUsage: boolean) {
    this.withholdUsage = withholdUsage;
  }

  /** Takes bytes from the upstream, returns those that go to the caller now: whole events only. */
  push(chunk: Buffer): Buffer {
    const bytes = this.carry.length === 0 ? chunk : Buffer.concat([this.carry, chunk]);
    let from = 0;
    let kept = 0;
    let out: Buffer[] | null = null;
    for (let end = endOfEvent(bytes, from); end !== -1; end = endOfEvent(bytes, from)) {
      const isWithheld = !this.isOversized && this.read(bytes.subarray(from, end));
      this.isOversized = false;
      if (isWithheld) {
        out ??= [];
        out.push(bytes.subarray(kept, from));
        kept = end;
      }
      from = end;
    }
    if (this.isOversized || bytes.length - from > EVENT_BYTES_MAX) {
      this.isOversized = true;
      from = bytes.length;
    }
    this.carry = from === bytes.length ? NOTHING : bytes.subarray(from);
    const last = kept === 0 && from === bytes.length ? bytes : bytes.subarray(kept, from);
    if (out === null) return last;
    out.push(last);
    return Buffer.concat(out);
  }

  /** What is left when the upstream ends in the middle of an event. */
  end(): Buffer {
    const rest = this.carry;
    this.carry = NOTHING;
    return rest.length > 0 && this.read(rest) ? NOTHING : rest;
  }

  /** Reads one event; returns whether it is kept back. */
  private read(event: Buffer): boolean {
    for (const field of TEXT_FIELDS) {
      const at = event.indexOf(field);
      if (at === -1) continue;
      const end = stringEnd(event, at + field.length);
      if (end !== -1) this.textBytes += end - at - field.length;
      break;
    }
    if (!event.includes(USAGE)) return false;
    const usage = findUsage(event);
    if (usage === null) return false;
    this.usage = usage;
    return this.withholdUsage && EMPTY_CHOICES.test(event.toString("latin1"));
  }
}
