import type { Reply } from "#gateway/pipeline/call.ts";

/** What went out to the caller, if it can be given to others. */
export interface Recorded {
  readonly status: number;
  readonly headers: readonly string[];
  readonly pieces: readonly Buffer[];
  readonly isStream: boolean;
}

/** So long may a caller keep what is recorded waiting before nobody else waits for it. */
const SLOW_MS = 1_000;

/** The bytes that all recordings under way may hold together. */
export class RecordingBudget {
  private left: number;

  constructor(bytesMax: number) {
    this.left = bytesMax;
  }

  take(bytes: number): boolean {
    if (bytes > this.left) return false;
    this.left -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.left += bytes;
  }
}

/** What a recording says of itself while it runs. */
export interface RecordingHooks {
  /** It is certain that the answer is none to keep. */
  readonly onUseless: () => void;
  /** The caller does not read: the answer may still be kept, but when is his doing. */
  readonly onSlow: () => void;
}

/**
 * A reply that keeps what it sends, up to a bound. It records what the caller gets, whatever made it: bytes passed
 * through, a translation, a stream.
 */
export class RecordingReply implements Reply {
  private readonly inner: Reply;
  private readonly bytesMax: number;
  private readonly budget: RecordingBudget;
  private readonly hooks: RecordingHooks;
  private status = 0;
  private headers: readonly string[] = [];
  private pieces: Buffer[] | null = [];
  private bytes = 0;
  private isStream = false;
  private isWhole = false;
  private held = 0;
  private slow: NodeJS.Timeout | null = null;

  constructor(inner: Reply, bytesMax: number, budget: RecordingBudget, hooks: RecordingHooks) {
    this.inner = inner;
    this.bytesMax = bytesMax;
    this.budget = budget;
    this.hooks = hooks;
  }

  get isStarted(): boolean {
    return this.inner.isStarted;
  }

  whole(status: number, headers: string[], body: Buffer): void {
    this.note(status, headers);
    this.keep(body);
    this.isWhole = true;
    this.inner.whole(status, headers, body);
  }

  begin(status: number, headers: string[]): void {
    this.note(status, headers);
    this.isStream = true;
    this.inner.begin(status, headers);
  }

  write(chunk: Buffer): boolean {
    this.stopWaiting();
    this.keep(chunk);
    const isReady = this.inner.write(chunk);
    // Nothing more comes until this caller has read: nobody else is to wait for him.
    if (!isReady && this.pieces !== null) this.slow = setTimeout(this.hooks.onSlow, SLOW_MS);
    return isReady;
  }

  end(): void {
    this.stopWaiting();
    this.isWhole = true;
    this.inner.end();
  }

  cut(): void {
    this.stopWaiting();
    this.giveUp();
    this.inner.cut();
  }

  /** What was sent, where it went out whole and within the bound; null otherwise. */
  recorded(): Recorded | null {
    const { status, headers, pieces, isStream } = this;
    return this.isWhole && pieces !== null ? { status, headers, pieces, isStream } : null;
  }

  /** The call is over: what was held for it counts no more. */
  release(): void {
    this.stopWaiting();
    this.budget.give(this.held);
    this.held = 0;
  }

  private stopWaiting(): void {
    if (this.slow !== null) clearTimeout(this.slow);
    this.slow = null;
  }

  private note(status: number, headers: readonly string[]): void {
    this.status = status;
    // A copy: the reply adds what belongs to the connection.
    this.headers = [...headers];
    if (status < 200 || status > 299 || status === 206) this.giveUp();
  }

  private keep(chunk: Buffer): void {
    if (this.pieces === null) return;
    this.bytes += chunk.length;
    // A copy: the chunk may be a view into a larger buffer that would be held with it.
    if (this.bytes > this.bytesMax || !this.budget.take(chunk.length)) {
      this.giveUp();
      return;
    }
    this.held += chunk.length;
    this.pieces.push(Buffer.from(chunk));
  }

  private giveUp(): void {
    if (this.pieces === null) return;
    this.pieces = null;
    this.release();
    this.hooks.onUseless();
  }
}
