import type { SpooledEvent } from "./event-source.ts";

/** Events of one write, one behind the other: as many as `ends` has, from sequence `first` on. */
interface Stretch {
  readonly first: number;
  readonly bytes: Buffer;
  readonly ends: readonly number[];
}

/**
 * The events written last, so that a control plane which keeps up is told of them without reading the disk again. Holds an
 * unbroken row from the oldest on; what does not fit is only on disk, and a new row begins once this one is reported.
 */
export class RecentEvents {
  private readonly bytesMax: number;
  private readonly stretches: Stretch[] = [];
  private bytes = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** Takes the events that lie in `from` at these places (start and end in turn); the last one has sequence `last`. */
  add(from: Buffer, places: readonly number[], last: number): void {
    const first = last - places.length / 2 + 1;
    const newest = this.stretches.at(-1);
    if (newest !== undefined && newest.first + newest.ends.length !== first) return;
    let size = 0;
    for (let place = 0; place < places.length; place += 2) size += (places[place + 1] ?? 0) - (places[place] ?? 0);
    if (this.bytes + size > this.bytesMax) return;
    const bytes = Buffer.allocUnsafe(size);
    const ends: number[] = [];
    let end = 0;
    for (let place = 0; place < places.length; place += 2) {
      end += from.copy(bytes, end, places[place], places[place + 1]);
      ends.push(end);
    }
    this.stretches.push({ first, bytes, ends });
    this.bytes += size;
  }

  /** Events from a sequence on, up to another and at most `max`; null when the first of them is not here. */
  from(sequence: number, through: number, max: number): SpooledEvent[] | null {
    const [oldest] = this.stretches;
    if (oldest === undefined || sequence < oldest.first) return null;
    const events: SpooledEvent[] = [];
    for (const { first, bytes, ends } of this.stretches) {
      for (let place = Math.max(0, sequence - first); place < ends.length; place++) {
        if (first + place > through || events.length >= max) return events;
        const start = place === 0 ? 0 : ends[place - 1];
        events.push({ sequence: first + place, payload: bytes.subarray(start, ends[place]) });
      }
    }
    return events.length > 0 ? events : null;
  }

  /** Everything up to here is reported. */
  release(throughSequence: number): void {
    for (;;) {
      const [oldest] = this.stretches;
      if (oldest === undefined || oldest.first + oldest.ends.length - 1 > throughSequence) return;
      this.stretches.shift();
      this.bytes -= oldest.bytes.length;
    }
  }
}
