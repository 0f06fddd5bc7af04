import { join } from "node:path";
import type { EventSource, SpooledEvent } from "./event-source.ts";
import { quarantineEvent } from "./quarantine.ts";
import { segmentName } from "./segment.ts";
import type { Spool } from "./spool.ts";
import { isOutcome, SegmentReader } from "./spool-reader.ts";

/**
 * Reads the spool in use: from memory while the control plane keeps up, from its files where it does not, so that a control
 * plane that is away costs no memory.
 */
export class LiveSource implements EventSource {
  readonly incarnation: string;
  private readonly spool: Spool;
  private reader: { readonly index: number; readonly segment: SegmentReader } | null = null;
  private ready: SpooledEvent[] = [];
  private acknowledged = 0;

  constructor(spool: Spool) {
    this.spool = spool;
    this.incarnation = spool.incarnation;
  }

  async peek(max: number): Promise<readonly SpooledEvent[]> {
    const durable = this.spool.durableSequence;
    if (durable <= this.acknowledged) return [];
    const recent = this.spool.recent.from(this.acknowledged + 1, durable, max);
    if (recent === null) return await this.peekFiles(max, durable);
    this.reader = null;
    this.ready = [];
    return recent;
  }

  private async peekFiles(max: number, durable: number): Promise<readonly SpooledEvent[]> {
    while ((this.ready.at(-1)?.sequence ?? 0) < durable && this.ready.length < max) {
      this.reader ??= this.readerOf(this.spool.firstSegmentIndex);
      const { index, segment } = this.reader;
      const records = await segment.read(false);
      for (const record of records) {
        if (isOutcome(record) && record.sequence > this.acknowledged) this.ready.push(record);
      }
      if (records.length > 0) continue;
      if (index >= this.spool.lastSegmentIndex) break;
      this.reader = this.readerOf(Math.max(index + 1, this.spool.firstSegmentIndex));
    }
    const durableEvents = this.ready.slice(0, max);
    while ((durableEvents.at(-1)?.sequence ?? 0) > durable) durableEvents.pop();
    return durableEvents;
  }

  private readerOf(index: number): { index: number; segment: SegmentReader } {
    return { index, segment: new SegmentReader(join(this.spool.directory, segmentName(index))) };
  }

  async acknowledge(throughSequence: number): Promise<void> {
    this.acknowledged = Math.max(this.acknowledged, throughSequence);
    const kept = this.ready.findIndex((event) => event.sequence > throughSequence);
    this.ready = kept === -1 ? [] : this.ready.slice(kept);
    this.spool.acknowledge(throughSequence);
  }

  async quarantine(event: SpooledEvent): Promise<void> {
    await quarantineEvent(join(this.spool.directory, ".."), event);
  }
}
