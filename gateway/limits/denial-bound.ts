/**
 * How many refusals are recorded one by one: so many a second for each consumer, fewer for all callers nobody knows
 * together. The rest is counted. Without a bound, one caller who is refused often enough would fill everybody's spool.
 */
const CONSUMER = { perSecond: 100, burst: 1_000 };
const STRANGERS = { perSecond: 20, burst: 200 };

interface Bucket {
  left: number;
  atMs: number;
}

export class DenialBound {
  private readonly buckets = new Map<string, Bucket>();
  private readonly monotonicMs: () => number;
  /** Refusals that were not recorded. */
  unrecorded = 0;

  constructor(monotonicMs: () => number) {
    this.monotonicMs = monotonicMs;
  }

  /** Whether one more refusal of this consumer (null: of a caller nobody knows) is recorded. Counts the rest. */
  readonly take = (consumerId: string | null): boolean => {
    const { perSecond, burst } = consumerId === null ? STRANGERS : CONSUMER;
    const nowMs = this.monotonicMs();
    const key = consumerId ?? "";
    const bucket = this.buckets.get(key) ?? { left: burst, atMs: nowMs };
    bucket.left = Math.min(burst, bucket.left + ((nowMs - bucket.atMs) * perSecond) / 1_000);
    bucket.atMs = nowMs;
    this.buckets.set(key, bucket);
    if (bucket.left < 1) {
      this.unrecorded += 1;
      return false;
    }
    bucket.left -= 1;
    return true;
  };

  /** Forgets whoever was not refused lately. Called now and then. */
  sweep(): void {
    const fullAfterMs = (CONSUMER.burst / CONSUMER.perSecond) * 1_000;
    const nowMs = this.monotonicMs();
    for (const [key, { atMs }] of this.buckets) if (nowMs - atMs > fullAfterMs) this.buckets.delete(key);
  }
}
