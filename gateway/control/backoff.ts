/** Full jitter (a random wait up to an exponentially growing bound), so that nodes which lost their peer together do not return together. */
export class Backoff {
  private readonly baseMs: number;
  private readonly maxMs: number;
  private readonly random: () => number;
  private failures = 0;

  constructor(baseMs: number, maxMs: number, random: () => number) {
    this.baseMs = baseMs;
    this.maxMs = maxMs;
    this.random = random;
  }

  /** How long to wait after one more failure. */
  nextMs(): number {
    const boundMs = Math.min(this.maxMs, this.baseMs * 2 ** Math.min(this.failures, 30));
    this.failures += 1;
    return this.random() * boundMs;
  }

  succeeded(): void {
    this.failures = 0;
  }
}
