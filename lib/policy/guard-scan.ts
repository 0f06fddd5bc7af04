import type { Detector } from "./guard-detect.ts";

/** What becomes of a match: it ends the text, is replaced, or is only counted. */
export type MatchAction = "deny" | "redact" | "count";

/** A detector with the guard it belongs to. */
export interface ScanRule {
  readonly detector: Detector;
  readonly action: MatchAction;
  /** Told of each match. */
  readonly onMatch: (rule: ScanRule) => void;
}

export interface ScanOptions {
  /** Matches up to this length are found wherever a chunk ends. */
  readonly windowChars: number;
  /** How far the scan goes at once; with the window, the most that is held back. */
  readonly strideChars: number;
  /** Asked between matches: a text that costs more than it may ends the scan. */
  readonly isOverBudget: () => boolean;
}

/** A text took longer to scan than it may: whoever asked denies. */
export class ScanOverBudget extends Error {
  constructor() {
    super("A guardrail took too long on one text");
    this.name = "ScanOverBudget";
  }
}

/** A match that runs on beyond the window is waited for up to this length, and then taken as it is. */
const MATCH_CHARS_MAX = 8_192;

interface Cursor {
  readonly rule: ScanRule;
  /** Where its search goes on, as a place in the whole text. */
  from: number;
  /** A match began here and had no end in what was there. */
  openAt: number;
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/**
 * Scans a text that comes in chunks, and gives back what may go on: with every match of a redacting rule replaced by
 * `[label]`. The text is judged in strides at fixed places, each with the window behind it, so that the result depends on the
 * text alone and never on how it was cut. What is held back is at most a stride and the window, or an open match.
 */
export class TextScanner {
  private readonly cursors: readonly Cursor[];
  private readonly options: ScanOptions;
  private buffer = "";
  /** The place of the buffer's first unit in the whole text. */
  private base = 0;
  private judged = 0;
  private emitted = 0;
  private pending: Replacement[] = [];
  private denier: ScanRule | null = null;

  constructor(rules: readonly ScanRule[], options: ScanOptions) {
    this.cursors = rules.map((rule) => ({ rule, from: 0, openAt: -1 }));
    this.options = options;
  }

  /** The rule that ended the text, or null. */
  get deniedBy(): ScanRule | null {
    return this.denier;
  }

  /** Takes a chunk; returns what may go on. Throws `ScanOverBudget`. */
  push(chunk: string): string {
    this.buffer += chunk;
    const { windowChars, strideChars } = this.options;
    let out = "";
    while (this.denier === null && this.judged + strideChars + windowChars <= this.base + this.buffer.length) {
      const until = this.judged + strideChars;
      out += this.judge(until, until + windowChars, false);
    }
    return out;
  }

  /** The text is over: returns the rest. Throws `ScanOverBudget`. */
  end(): string {
    const { windowChars, strideChars } = this.options;
    const whole = this.base + this.buffer.length;
    let out = "";
    while (this.denier === null && this.judged < whole) {
      const until = Math.min(this.judged + strideChars, whole);
      const seen = Math.min(until + windowChars, whole);
      out += this.judge(until, seen, seen === whole);
    }
    return this.denier === null ? out + this.emit(whole) : out;
  }

  private judge(until: number, seen: number, isLast: boolean): string {
    const text = this.buffer.slice(0, seen - this.base);
    let emitUntil = until;
    for (const cursor of this.cursors) {
      this.search(cursor, text, until, seen, isLast);
      if (this.denier !== null) return "";
      if (cursor.openAt !== -1) emitUntil = Math.min(emitUntil, cursor.openAt);
    }
    this.judged = until;
    return this.emit(emitUntil);
  }

  private search(cursor: Cursor, text: string, until: number, seen: number, isLast: boolean): void {
    const { rule } = cursor;
    cursor.openAt = -1;
    let matches = 0;
    while (cursor.from < until) {
      if (matches > 0 && this.options.isOverBudget()) throw new ScanOverBudget();
      const found = rule.detector.find(text, cursor.from - this.base);
      const start = found === null ? until : found.start + this.base;
      if (found === null || start >= until) {
        cursor.from = until;
        return;
      }
      const end = found.end + this.base;
      if (end === seen && !isLast && end - start < MATCH_CHARS_MAX) {
        cursor.from = start;
        cursor.openAt = start;
        return;
      }
      matches += 1;
      cursor.from = end;
      this.take(rule, start, end);
      if (this.denier !== null) return;
    }
  }

  private take(rule: ScanRule, start: number, end: number): void {
    rule.onMatch(rule);
    if (rule.action === "deny") this.denier = rule;
    else if (rule.action === "redact") this.pending.push({ start, end, label: rule.detector.label });
  }

  /** What goes on up to a place, with the matches that begin before it replaced. */
  private emit(until: number): string {
    const now = this.pending
      .filter(({ start }) => start < until)
      .toSorted((a, b) => a.start - b.start || b.end - a.end);
    if (now.length > 0) this.pending = this.pending.filter(({ start }) => start >= until);
    let out = "";
    for (const { start, end, label } of now) {
      if (end <= this.emitted) continue;
      out += `${this.textTo(start)}[${label}]`;
      this.emitted = end;
    }
    out += this.textTo(this.wholeCharacters(until));
    this.forget();
    return out;
  }

  private textTo(place: number): string {
    if (place <= this.emitted) return "";
    const text = this.buffer.slice(this.emitted - this.base, place - this.base);
    this.emitted = place;
    return text;
  }

  /** Never between the two halves of a character, unless the text itself ends there. */
  private wholeCharacters(until: number): number {
    const last = this.buffer.charCodeAt(until - 1 - this.base);
    const isHalf = last >= 0xd800 && last < 0xdc00 && until < this.base + this.buffer.length;
    return isHalf ? until - 1 : until;
  }

  /** Drops what is out and judged, but for a little context that patterns such as \b look at. */
  private forget(): void {
    let needed = Math.min(this.emitted, this.judged);
    for (const cursor of this.cursors) needed = Math.min(needed, cursor.from);
    const dropped = needed - 2 - this.base;
    if (dropped <= 0) return;
    this.buffer = this.buffer.slice(dropped);
    this.base += dropped;
  }
}
