import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { EventSource, SpooledEvent } from "./event-source.ts";
import { interruptedEvent, type PriceLookup } from "./intent.ts";
import { quarantineEvent } from "./quarantine.ts";
import { isOutcome, SegmentReader } from "./spool-reader.ts";

interface Survey {
  /** Sequences present, and the calls they belong to. */
  readonly sequences: Set<number>;
  readonly finished: Set<string>;
  readonly intents: Map<string, Buffer>;
  damagedBytes: number;
}

/**
 * A spool that an earlier process left behind. What it recorded whole is reported as it is; a call that was begun and has
 * no outcome becomes an event of its own, `interrupted`. Such events take the sequences that damage has torn out of the
 * row, where there are any, because they are likely to be the same calls, and go on behind the last one otherwise.
 */
export class LeftSource implements EventSource {
  readonly incarnation: string;
  private readonly root: string;
  private readonly directory: string;
  private files: string[] = [];
  private reader: SegmentReader | null = null;
  private interrupted: SpooledEvent[] = [];
  private ready: SpooledEvent[] = [];
  damagedBytes = 0;
  interruptedCount = 0;

  constructor(root: string, incarnation: string) {
    this.root = root;
    this.incarnation = incarnation;
    this.directory = join(root, incarnation);
  }

  /** Reads the whole of it once. Memory: ids only, and the intents of calls that did not end. */
  async open(priceOf: PriceLookup): Promise<void> {
    this.files = (await readdir(this.directory)).filter((name) => /^\d{8}\.log$/.test(name)).sort();
    const survey: Survey = { sequences: new Set(), finished: new Set(), intents: new Map(), damagedBytes: 0 };
    for (const name of this.files) await this.survey(join(this.directory, name), survey);
    this.damagedBytes = survey.damagedBytes;
    const free = freeSequences(survey.sequences);
    for (const [id, payload] of survey.intents) {
      const sequence = free.next().value;
      const event = interruptedEvent(id, payload, sequence, priceOf);
      if (event !== null) this.interrupted.push({ sequence, payload: Buffer.from(JSON.stringify(event)) });
    }
    this.interruptedCount = this.interrupted.length;
  }

  private async survey(path: string, survey: Survey): Promise<void> {
    const reader = new SegmentReader(path);
    for (;;) {
      const records = await reader.read(true);
      if (records.length === 0) break;
      for (const record of records) {
        if (isOutcome(record)) {
          survey.sequences.add(record.sequence);
          survey.finished.add(record.id);
          survey.intents.delete(record.id);
        } else if (!survey.finished.has(record.id)) {
          survey.intents.set(record.id, Buffer.from(record.payload));
        }
      }
    }
    survey.damagedBytes += reader.damagedBytes;
  }

  async peek(max: number): Promise<readonly SpooledEvent[]> {
    while (this.ready.length < max) {
      const records = await this.nextRecords();
      if (records === null) {
        this.ready.push(...this.interrupted.splice(0));
        break;
      }
      for (const record of records) {
        // Events that fill a gap stand in the row where they belong.
        while ((this.interrupted[0]?.sequence ?? Number.POSITIVE_INFINITY) < record.sequence) {
          this.ready.push(...this.interrupted.splice(0, 1));
        }
        this.ready.push(record);
      }
    }
    return this.ready.slice(0, max);
  }

  private async nextRecords(): Promise<SpooledEvent[] | null> {
    for (;;) {
      if (this.reader === null) {
        const name = this.files.shift();
        if (name === undefined) return null;
        this.reader = new SegmentReader(join(this.directory, name));
      }
      const records = await this.reader.read(true);
      if (records.length > 0) return records.filter(isOutcome);
      this.reader = null;
    }
  }

  async acknowledge(throughSequence: number): Promise<void> {
    const kept = this.ready.findIndex((event) => event.sequence > throughSequence);
    this.ready = kept === -1 ? [] : this.ready.slice(kept);
  }

  async quarantine(event: SpooledEvent): Promise<void> {
    await quarantineEvent(this.root, event);
  }

  /** Everything in it is committed: it goes. */
  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Sequences missing between those present, lowest first, then those behind the last. */
function* freeSequences(present: ReadonlySet<number>): Generator<number, never> {
  const sorted = [...present].sort((a, b) => a - b);
  let at = sorted[0] ?? 1;
  for (const sequence of sorted) {
    for (; at < sequence; at++) yield at;
    at = sequence + 1;
  }
  for (; ; at++) yield at;
}
