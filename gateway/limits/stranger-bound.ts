/** How many refusals of callers nobody knows are recorded: a few a second, the rest is counted. */
const PER_SECOND = 20;
const BURST = 200;

export class StrangerBound {
  private left = BURST;
  private atMs: number;
  private readonly monotonicMs: () => number;
  /** Refusals that were not recorded. */
  unrecorded = 0;

  constructor(monotonicMs: () => number) {
    this.monotonicMs = monotonicMs;
    this.atMs = monotonicMs();
  }

  /** Whether one more may be recorded. */
  readonly take = (): boolean => {
    const nowMs = this.monotonicMs();
    this.left = Math.min(BURST, this.left + ((nowMs - this.atMs) * PER_SECOND) / 1_000);
    this.atMs = nowMs;
    if (this.left < 1) {
      this.unrecorded += 1;
      return false;
    }
    this.left -= 1;
    return true;
  };
}
