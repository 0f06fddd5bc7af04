import type { Reply } from "#gateway/pipeline/call.ts";

/** What went out to the caller, if it can be given to others. */
export interface Recorded {
  readonly status: number;
  readonly headers: readonly string[];
  readonly pieces: readonly Buffer[];
  readonly isStream: boolean;
}

/**
 * A reply that keeps what it sends, up to a bound. It records what the caller gets, whatever made it: bytes passed
 * through, a translation, a stream. The moment it is certain that the answer is none to keep, `onUseless` is told.
 */
export class RecordingReply implements Reply {
  private readonly inner: Reply;
  private readonly bytesMax: number;
  private readonly onUseless: () => void;
  private status = 0;
  private headers: readonly string[] = [];
  private pieces: Buffer[] | null = [];
  private bytes = 0;
  private isStream = false;
  private isWhole = false;

  constructor(inner: Reply, bytesMax: number, onUseless: () => void) {
    this.inner = inner;
    this.bytesMax = bytesMax;
    this.onUseless = onUseless;
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
    this.keep(chunk);
    return this.inner.write(chunk);
  }

  end(): void {
    this.isWhole = true;
    this.inner.end();
  }

  cut(): void {
    this.giveUp();
    this.inner.cut();
  }

  /** What was sent, where it went out whole and within the bound; null otherwise. */
  recorded(): Recorded | null {
    const { status, headers, pieces, isStream } = this;
    return this.isWhole && pieces !== null ? { status, headers, pieces, isStream } : null;
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
    if (this.bytes <= this.bytesMax) this.pieces.push(Buffer.from(chunk));
    else this.giveUp();
  }

  private giveUp(): void {
    if (this.pieces === null) return;
    this.pieces = null;
    this.onUseless();
  }
}
