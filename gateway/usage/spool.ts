import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { UsageEvent } from "#lib/contract/usage-event.ts";
import { RecentEvents } from "./recent-events.ts";
import { RECORD_HEAD_BYTES, RecordKind, recordBytesMax, writeRecord } from "./record.ts";
import { realFileSystem, Segment, type SegmentFileSystem } from "./segment.ts";

const SEGMENT_BYTES = 4 * 1_024 * 1_024;
const SCRATCH_BYTES = 256 * 1_024;
const RETRY_MS = 250;
/** What is kept in memory for the reporter: more than half a second at 5,000 calls a second. */
const RECENT_BYTES_MAX = 4 * 1_024 * 1_024;
/** Acknowledged segments that one long call may hold back before its intent is written again further on. */
const HELD_SEGMENTS_MAX = 4;

/** A call that has said what it is about to do. Handed back with its outcome. */
export interface SpoolTicket {
  readonly id: string;
  readonly payload: string;
  /** Whether the intent has reached the disk: only then may the call be sent. */
  isWritten: boolean;
  isOver: boolean;
  /** Where the intent lies. */
  segment: Segment | null;
}

/** What the pipeline needs of a spool. */
export interface UsageSpool {
  /** Whether calls can be recorded: not when the disk is full or the bound is reached. */
  readonly isAccepting: boolean;
  /**
   * Writes down that a call is about to be sent. Resolves to null when the spool takes nothing, and to a ticket that is
   * not `isWritten` when writing failed: in both cases the call must not be sent.
   */
  intent(id: string, payload: string): Promise<SpoolTicket | null>;
  /** Writes down how a call ended, and gives the event its sequence. */
  outcome(event: UsageEvent, ticket: SpoolTicket | null): void;
}

/**
 * The node's memory of what was used, on disk before it is anywhere else. Records are gathered during one turn of the
 * event loop and written with one call at its end, and forced to the disk every `syncMs` off the request path. One
 * incarnation per process: sequences count from 1, without gaps.
 *
 * When a write fails, what is gathered stays in memory (bounded by the calls in flight, since none is begun meanwhile)
 * and is written when the disk takes it again; what is refused meanwhile is counted.
 */
export class Spool implements UsageSpool {
  readonly incarnation: string;
  readonly directory: string;
  private readonly files: SegmentFileSystem;
  private readonly bytesMax: number;
  private readonly syncMs: number;
  private readonly segmentBytes: number;
  private readonly segments: Segment[] = [];
  private readonly open = new Set<SpoolTicket>();
  private scratch = Buffer.allocUnsafe(SCRATCH_BYTES);
  private filled = 0;
  /** Where in what was gathered the outcomes stand: start and end in turn. */
  private outcomePlaces: number[] = [];
  private isFlushDue = false;
  private isFailing = false;
  private syncTimer: NodeJS.Timeout | null = null;
  private isSyncing = false;
  private readonly directoryFd: number;
  private isDirectoryDirty = true;
  private waiting: { ticket: SpoolTicket; resolve: (ticket: SpoolTicket) => void }[] = [];
  private moving: SpoolTicket[] = [];
  private sequence = 0;
  private writtenSequence = 0;
  private durable = 0;
  private acknowledged = 0;
  private totalBytes = 0;
  /** The events written last. */
  readonly recent: RecentEvents;
  /** Events that were not recorded because the spool could not take them. */
  refused = 0;
  /** Told when more events are durable. */
  onDurable: () => void = () => {};

  constructor(options: {
    root: string;
    incarnation: string;
    bytesMax: number;
    syncMs?: number;
    segmentBytes?: number;
    files?: SegmentFileSystem;
    recentBytesMax?: number;
  }) {
    this.incarnation = options.incarnation;
    this.directory = join(options.root, options.incarnation);
    this.bytesMax = options.bytesMax;
    this.syncMs = options.syncMs ?? 50;
    this.segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.files = options.files ?? realFileSystem;
    this.recent = new RecentEvents(options.recentBytesMax ?? RECENT_BYTES_MAX);
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    this.directoryFd = this.files.openDirectory(this.directory);
    this.segments.push(new Segment(this.files, this.directory, 1, 0));
  }

  get isAccepting(): boolean {
    return !this.isFailing && this.totalBytes < this.bytesMax;
  }

  /** The highest sequence that is forced to the disk: only these may be reported. */
  get durableSequence(): number {
    return this.durable;
  }

  /** Events that are not acknowledged yet. */
  get pendingEvents(): number {
    return this.sequence - this.acknowledged;
  }

  /** The oldest segment that is still there. */
  get firstSegmentIndex(): number {
    return this.segments[0]?.index ?? 1;
  }

  /** The segment that is being written. */
  get lastSegmentIndex(): number {
    return this.segments.at(-1)?.index ?? 1;
  }

  get bytesOnDisk(): number {
    return this.totalBytes;
  }

  /** Whether nothing is left to be told to the control plane. */
  get isDrained(): boolean {
    return this.open.size === 0 && this.filled === 0 && this.acknowledged === this.sequence;
  }

  intent(id: string, payload: string): Promise<SpoolTicket | null> {
    if (!this.isAccepting) return Promise.resolve(null);
    const ticket: SpoolTicket = { id, payload, isWritten: false, isOver: false, segment: null };
    this.gather(RecordKind.intent, 0, id, payload);
    return new Promise((resolve) => {
      this.waiting.push({ ticket, resolve });
    });
  }

  outcome(event: UsageEvent, ticket: SpoolTicket | null): void {
    if (ticket === null && !this.isAccepting) {
      this.refused += 1;
      return;
    }
    this.sequence += 1;
    event.sequence = this.sequence;
    this.gather(RecordKind.outcome, this.sequence, event.id, JSON.stringify(event));
    if (ticket === null) return;
    ticket.isOver = true;
    this.open.delete(ticket);
    if (ticket.segment !== null) ticket.segment.openIntents -= 1;
    ticket.segment = null;
  }

  private gather(kind: RecordKind, sequence: number, id: string, payload: string): void {
    const needed = this.filled + recordBytesMax(payload);
    if (needed > this.scratch.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.scratch.length * 2));
      this.scratch.copy(larger, 0, 0, this.filled);
      this.scratch = larger;
    }
    const start = this.filled + RECORD_HEAD_BYTES;
    this.filled = writeRecord(this.scratch, this.filled, kind, sequence, id, payload);
    if (kind === RecordKind.outcome) this.outcomePlaces.push(start, this.filled);
    if (this.isFlushDue || this.isFailing) return;
    this.isFlushDue = true;
    setImmediate(this.flush);
  }

  /** Writes what was gathered. Called at the end of a turn, and by whoever shuts down. */
  readonly flush = (): void => {
    this.isFlushDue = false;
    if (this.filled === 0) return;
    try {
      const segment = this.currentSegment();
      // Written at a known position, so that a write which failed half way is simply done again.
      let done = 0;
      while (done < this.filled) {
        const rest = done === 0 ? this.scratch : this.scratch.subarray(done);
        done += this.files.write(segment.fd, rest, this.filled - done, segment.bytes + done);
      }
      this.written(segment);
    } catch {
      this.failed();
    }
  };

  private written(segment: Segment): void {
    segment.bytes += this.filled;
    segment.lastSequence = this.sequence;
    this.totalBytes += this.filled;
    if (this.outcomePlaces.length > 0) {
      this.recent.add(this.scratch, this.outcomePlaces, this.sequence);
      this.outcomePlaces = [];
    }
    this.filled = 0;
    this.isFailing = false;
    this.writtenSequence = this.sequence;
    if (this.scratch.length > SCRATCH_BYTES * 16) this.scratch = Buffer.allocUnsafe(SCRATCH_BYTES);
    for (const ticket of this.moving.splice(0)) this.place(ticket, segment);
    for (const { ticket, resolve } of this.waiting.splice(0)) {
      ticket.isWritten = true;
      this.place(ticket, segment);
      resolve(ticket);
    }
    this.syncTimer ??= setTimeout(this.sync, this.syncMs);
  }

  private place(ticket: SpoolTicket, segment: Segment): void {
    if (ticket.isOver) return;
    if (ticket.segment !== null) ticket.segment.openIntents -= 1;
    ticket.segment = segment;
    segment.openIntents += 1;
    this.open.add(ticket);
  }

  private failed(): void {
    this.isFailing = true;
    for (const { ticket, resolve } of this.waiting.splice(0)) resolve(ticket);
    setTimeout(this.flush, RETRY_MS).unref();
  }

  private currentSegment(): Segment {
    const last = this.segments.at(-1);
    if (last !== undefined && last.bytes < this.segmentBytes) return last;
    const next = new Segment(this.files, this.directory, (last?.index ?? 0) + 1, this.writtenSequence);
    this.segments.push(next);
    this.isDirectoryDirty = true;
    return next;
  }

  private readonly sync = (): void => {
    this.syncTimer = null;
    const through = this.writtenSequence;
    if (this.isSyncing) return;
    // Segments filled since the last time are forced too: they lie before the current one.
    const fds = this.segments
      .filter((segment, place) => segment.lastSequence > this.durable || place === this.segments.length - 1)
      .map((segment) => segment.fd);
    if (this.isDirectoryDirty) fds.push(this.directoryFd);
    this.isSyncing = true;
    this.syncAll(fds, 0, (isDurable) => {
      this.isSyncing = false;
      if (isDurable) {
        this.durable = through;
        this.isDirectoryDirty = false;
      }
      if (this.writtenSequence > this.durable) this.syncTimer ??= setTimeout(this.sync, this.syncMs);
      if (isDurable) this.onDurable();
    });
  };

  private syncAll(fds: readonly number[], place: number, done: (isDurable: boolean) => void): void {
    const fd = fds[place];
    if (fd === undefined) {
      done(true);
      return;
    }
    this.files.sync(fd, (error) => {
      if (error !== null) done(false);
      else this.syncAll(fds, place + 1, done);
    });
  }

  /** Forces everything gathered so far to the disk. Gives up after `timeoutMs`. */
  async settle(timeoutMs: number): Promise<void> {
    const untilMs = performance.now() + timeoutMs;
    this.flush();
    while (this.durable < this.sequence && performance.now() < untilMs) {
      this.sync();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** The control plane has committed everything up to here: whole segments before it may go. */
  acknowledge(throughSequence: number): void {
    this.acknowledged = Math.max(this.acknowledged, Math.min(throughSequence, this.durable));
    this.recent.release(this.acknowledged);
    this.trim();
  }

  /**
   * Deletes from the oldest on, never out of order: an outcome must not go before the intent it belongs to. The intents
   * of calls that run for long are written again at the end, so that one stream does not keep every segment.
   */
  private trim(): void {
    for (;;) {
      const [oldest] = this.segments;
      if (oldest === undefined || this.segments.length === 1 || oldest.lastSequence > this.acknowledged) return;
      if (oldest.openIntents > 0) {
        if (this.segments.length > HELD_SEGMENTS_MAX && this.moving.length === 0) this.carryOver(oldest);
        return;
      }
      this.segments.shift();
      this.totalBytes -= oldest.bytes;
      this.files.close(oldest.fd);
      this.files.remove(oldest.path);
    }
  }

  private carryOver(oldest: Segment): void {
    for (const ticket of this.open) {
      if (ticket.segment !== oldest) continue;
      this.moving.push(ticket);
      this.gather(RecordKind.intent, 0, ticket.id, ticket.payload);
    }
  }

  /** Closes the files. The caller has settled what is to be kept. */
  close(): void {
    if (this.syncTimer !== null) clearTimeout(this.syncTimer);
    for (const segment of this.segments) this.files.close(segment.fd);
    this.files.close(this.directoryFd);
  }
}
