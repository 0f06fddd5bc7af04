/** How long ago an observation counts 1/e: Finagle's default. */
const DECAY_MS = 10_000;

/**
 * An exponentially weighted moving average that jumps to every peak at once and comes down slowly, as Finagle's
 * `PeakEwma`. It decays towards 0 while nothing is observed, so that what was slow is tried again.
 */
export class PeakEwma {
  private cost = 0;
  private atMs = 0;

  /** Takes one measurement in milliseconds. */
  observe(nowMs: number, valueMs: number): void {
    const decayed = this.read(nowMs);
    const share = Math.exp(-Math.max(0, nowMs - this.atMs) / DECAY_MS);
    this.cost = valueMs > decayed ? valueMs : this.cost * share + valueMs * (1 - share);
    this.atMs = Math.max(this.atMs, nowMs);
  }

  /** The estimate now; 0 before the first measurement. */
  read(nowMs: number): number {
    return this.cost * Math.exp(-Math.max(0, nowMs - this.atMs) / DECAY_MS);
  }
}
