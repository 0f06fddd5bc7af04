const BUCKETS = 10;

/** Counts calls and failures over a sliding window, in ten steps. */
export class FailureWindow {
  private readonly calls = new Uint32Array(BUCKETS);
  private readonly failures = new Uint32Array(BUCKETS);
  private stepMs = 1;
  private step = 0;

  /** Counts one call. Another `windowMs` than before starts the window anew. */
  record(nowMs: number, windowMs: number, isFailure: boolean): void {
    this.advance(nowMs, windowMs);
    const place = this.step % BUCKETS;
    this.calls[place] = (this.calls[place] ?? 0) + 1;
    if (isFailure) this.failures[place] = (this.failures[place] ?? 0) + 1;
  }

  /** Whether at least `callsMin` calls are in the window and at least `percent` of them failed. */
  isAbove(nowMs: number, windowMs: number, callsMin: number, percent: number): boolean {
    this.advance(nowMs, windowMs);
    let calls = 0;
    let failures = 0;
    for (let place = 0; place < BUCKETS; place++) {
      calls += this.calls[place] ?? 0;
      failures += this.failures[place] ?? 0;
    }
    return calls >= callsMin && failures * 100 >= percent * calls;
  }

  clear(): void {
    this.calls.fill(0);
    this.failures.fill(0);
  }

  private advance(nowMs: number, windowMs: number): void {
    const stepMs = windowMs / BUCKETS;
    const step = Math.floor(nowMs / stepMs);
    if (stepMs !== this.stepMs || step - this.step >= BUCKETS || step < this.step) {
      this.clear();
      this.stepMs = stepMs;
      this.step = step;
    }
    while (this.step < step) {
      this.step += 1;
      this.calls[this.step % BUCKETS] = 0;
      this.failures[this.step % BUCKETS] = 0;
    }
  }
}
