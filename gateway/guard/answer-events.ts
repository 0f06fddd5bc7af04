import { performance } from "node:perf_hooks";
import { EventSplitter, eventData } from "#gateway/stream/event-splitter.ts";
import { type ScanOptions, type ScanRule, TextScanner } from "#lib/policy/guard-scan.ts";
import type { Delta, DeltaReader } from "./answer-deltas.ts";
import type { TextRule, TextRules } from "./compiled-guards.ts";
import { answerTexts, dropTokens } from "./json-text.ts";
import { countingRules, denyingRule, type Matches } from "./scan-texts.ts";

/** An event that grows beyond this cannot be read. */
const EVENT_BYTES_MAX = 8 * 1_024 * 1_024;
/** How far a stream's text is judged at once: with the window, the most that is held back. */
const STREAM_STRIDE_CHARS = 64;
/** A text that stands whole in one event. */
const WHOLE_STRIDE_CHARS = 32_768;
/** One chunk may take so long; more, and the stream ends. */
const CHUNK_MS_MAX = 1_000;

/** A line of an event that carries no data, every line break of the format counted. */
const IDLE_LINE = /^(?::.*|(?:event|id|retry)(?::.*)?|data:? ?)?$/;

/** One text of the stream, from its first piece to its last. */
interface Thread {
  readonly scanner: TextScanner;
  /** The last piece, whose event is the pattern for one that carries what was held back. */
  last: Delta;
}

/** Why a stream ends here. */
export type StreamStop = { readonly kind: "denied"; readonly rule: TextRule } | { readonly kind: "unreadable" };

/**
 * Reads along in a stream of server-sent events and makes the one the caller gets: pieces of text go on once it is certain
 * that no match begins in them, redacted where one does. What stands whole in an event is judged by itself. One per stream.
 */
export class AnswerEvents {
  private readonly reader: DeltaReader;
  private readonly textRules: TextRules;
  private readonly rules: readonly ScanRule[];
  private readonly splitter = new EventSplitter(EVENT_BYTES_MAX);
  private readonly threads = new Map<string, Thread>();
  private readonly streamOptions: ScanOptions;
  private readonly wholeOptions: ScanOptions;
  private chunkSinceMs = 0;
  /** Events that were put in between: later ones are numbered on. */
  private inserted = 0;
  /** Whether the stream names its events. */
  private isNamed = false;
  /** The number that the event under way had, where events have numbers. */
  private number = 0;
  private stopped: StreamStop | null = null;

  constructor(reader: DeltaReader, textRules: TextRules, matches: Matches) {
    this.reader = reader;
    this.textRules = textRules;
    this.rules = countingRules(textRules, matches);
    const isOverBudget = (): boolean => performance.now() - this.chunkSinceMs > CHUNK_MS_MAX;
    const { windowChars } = textRules;
    this.streamOptions = { windowChars, strideChars: STREAM_STRIDE_CHARS, isOverBudget };
    this.wholeOptions = { windowChars, strideChars: WHOLE_STRIDE_CHARS, isOverBudget };
  }

  /** Set once nothing more may go on. */
  get stop(): StreamStop | null {
    return this.stopped;
  }

  /** Takes bytes from upstream; returns those that may go on. Throws `ScanOverBudget`. */
  push(chunk: Buffer): string {
    this.chunkSinceMs = performance.now();
    this.splitter.push(chunk);
    let out = "";
    for (let event = this.splitter.next(); event !== null && this.stopped === null; event = this.splitter.next()) {
      out += this.take(event);
    }
    if (this.splitter.isOversized) this.unreadable();
    return out;
  }

  /** The upstream's stream is over: the rest, with all that was held back. Throws `ScanOverBudget`. */
  end(): string {
    this.chunkSinceMs = performance.now();
    const rest = this.splitter.rest();
    const last = rest.length === 0 || this.stopped !== null ? "" : this.take(rest);
    this.number += 1;
    return last + this.flush([""]);
  }

  private unreadable(): void {
    if (this.textRules.isEnforced) this.stopped ??= { kind: "unreadable" };
  }

  private take(bytes: Buffer): string {
    const data = eventData(bytes);
    if (data === "") return this.passIdle(bytes.toString());
    const name = /^event: ?(.*)$/m.exec(bytes.toString("utf8", 0, Math.min(bytes.length, 200)))?.[1]?.trim() ?? "";
    if (data.trim() === "[DONE]") return this.flush([""]) + this.unlessStopped("data: [DONE]\n\n");
    const event = parsedEvent(data);
    if (event === null) {
      this.unreadable();
      return this.unlessStopped(bytes.toString());
    }
    return this.judge(event, name, bytes);
  }

  /** What holds no data goes on as it is; what is no event at all may be an answer under a wrong type. */
  private passIdle(text: string): string {
    if (!text.split(/[\r\n]/).every((line) => IDLE_LINE.test(line))) this.unreadable();
    return this.unlessStopped(text);
  }

  private judge(event: object, name: string, bytes: Buffer): string {
    const number: unknown = Reflect.get(event, "sequence_number");
    if (typeof number === "number") this.number = number;
    const deltas = this.reader.deltas(event);
    const closes = isError(event) ? [""] : this.reader.closes(event);
    this.isNamed ||= name !== "";
    const outs = deltas.map((delta) => this.pushDelta(delta));
    this.endInPlace(deltas, outs, closes);
    for (const delta of deltas) delta.replace("");
    this.judgeWhole(event);
    deltas.forEach((delta, place) => {
      delta.replace(outs[place] ?? "");
    });
    const before = this.flush(closes);
    if (this.stopped !== null) return "";
    if (!this.textRules.isEnforced) return bytes.toString();
    dropTokens(event);
    return before + this.written(event, name);
  }

  private pushDelta(delta: Delta): string {
    const thread = this.threads.get(delta.key) ?? {
      scanner: new TextScanner(this.rules, this.streamOptions),
      last: delta,
    };
    thread.last = delta;
    this.threads.set(delta.key, thread);
    const out = thread.scanner.push(delta.text);
    this.noteDenial(thread.scanner);
    return out;
  }

  /** Where the last piece of a text ends it too, what was held back goes with that piece. */
  private endInPlace(deltas: readonly Delta[], outs: string[], closes: readonly string[]): void {
    for (let place = deltas.length - 1; place >= 0; place--) {
      const key = deltas[place]?.key ?? "";
      const thread = this.threads.get(key);
      if (thread === undefined || !closes.some((prefix) => key.startsWith(prefix))) continue;
      this.threads.delete(key);
      outs[place] += thread.scanner.end();
      this.noteDenial(thread.scanner);
    }
  }

  /** Texts that stand whole in an event: repeated at its end, or said at once. */
  private judgeWhole(event: object): void {
    for (const place of answerTexts(event)) {
      const scanner = new TextScanner(this.rules, this.wholeOptions);
      const out = scanner.push(place.text) + scanner.end();
      this.noteDenial(scanner);
      if (this.stopped !== null) return;
      if (out !== place.text) place.replace(out);
    }
  }

  /** Ends the texts whose keys begin so; what was held back of them goes out in events of its own, before the next. */
  private flush(prefixes: readonly string[]): string {
    let out = "";
    for (const prefix of prefixes) {
      for (const [key, { scanner, last }] of this.threads) {
        if (!key.startsWith(prefix) || this.stopped !== null) continue;
        this.threads.delete(key);
        const rest = scanner.end();
        this.noteDenial(scanner);
        if (rest === "" || !this.textRules.isEnforced) continue;
        const event = last.carry(rest);
        out += this.written(event, this.isNamed ? typeOf(event) : "");
        this.inserted += 1;
      }
    }
    return this.unlessStopped(out);
  }

  private noteDenial(scanner: TextScanner): void {
    const rule = denyingRule(scanner, this.textRules, this.rules);
    if (rule !== null) this.stopped ??= { kind: "denied", rule };
  }

  private unlessStopped(text: string): string {
    return this.stopped === null ? text : "";
  }

  private written(event: object, name: string): string {
    const isNumbered = Reflect.has(event, "sequence_number");
    const numbered = isNumbered ? { ...event, sequence_number: this.number + this.inserted } : event;
    return `${name === "" ? "" : `event: ${name}\n`}data: ${JSON.stringify(numbered)}\n\n`;
  }
}

/** Where events have names, the name is the event's type. */
function typeOf(event: object): string {
  const type: unknown = Reflect.get(event, "type");
  return typeof type === "string" ? type : "";
}

/** The end of a stream that did not go well: what was held back goes out before it. */
function isError(event: object): boolean {
  return typeOf(event) === "error" || (Reflect.get(event, "error") ?? null) !== null;
}

function parsedEvent(data: string): object | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}
