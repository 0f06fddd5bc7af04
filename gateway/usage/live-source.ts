import { join } from "node:path";
import type { EventSource, SpooledEvent } from "./event-source.ts";
import { quarantineEvent } from "./quarantine.ts";
import { segmentName } from "./segment.ts";
import type { Spool } from "./spool.ts";
import { isOutcome, SegmentReader } from "./spool-reader.ts";

/** Reads the spool in use from its files, so that a control plane that is away costs no memory. */
export class LiveSource implements EventSource {
  readonly incarnation: string;
  private readonly spool: Spool;
  private index = 1;
  private reader: SegmentReader;
  private ready: SpooledEvent[] = [];

  constructor(spool: Spool) {
    this.spool = spool;
    this.incarnation = spool.incarnation;
    this.reader = new SegmentReader(join(spool.directory, segmentName(1)));
  }

  async peek(max: number): Promise<readonly SpooledEvent[]> {
    const durable = this.spool.durableSequence;
    while ((this.ready.at(-1)?.sequence ?? 0) < durable && this.ready.length < max) {
      const records = await this.reader.read(false);
      for (const record of records) if (isOutcome(record)) this.ready.push(record);
      if (records.length > 0) continue;
      if (this.index >= this.spool.lastSegmentIndex) break;
      this.index += 1;
      this.reader = new SegmentReader(join(this.spool.directory, segmentName(this.index)));
    }
    const durableEvents = this.ready.slice(0, max);
    while ((durableEvents.at(-1)?.sequence ?? 0) > durable) durableEvents.pop();
    return durableEvents;
  }

  async acknowledge(throughSequence: number): Promise<void> {
    const kept = this.ready.findIndex((event) => event.sequence > throughSequence);
    this.ready = kept === -1 ? [] : this.ready.slice(kept);
    this.spool.acknowledge(throughSequence);
  }

  async quarantine(event: SpooledEvent): Promise<void> {
    await quarantineEvent(join(this.spool.directory, ".."), event);
  }
}
