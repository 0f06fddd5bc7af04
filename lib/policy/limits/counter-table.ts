import { drain, type GcraState } from "#lib/policy/gcra.ts";
import type { CompiledLimit } from "./compile-limits.ts";

/** How many source addresses one limit remembers: anybody can come from many. The ones seen longest ago go first. */
const ADDRESSES_MAX = 100_000;

/** What one subject (a consumer, a key, an address…) has used of one limit. */
export class Counter implements GcraState {
  backlog = 0;
  atMs: number;
  /** Calls under way that hold a slot or a reservation of this counter: it is not forgotten before they are over. */
  held = 0;

  constructor(nowMs: number) {
    this.atMs = nowMs;
  }
}

/** The counters of one limit by subject. Kept by the limit's key, so that they survive a new snapshot. */
export class CounterTable {
  private readonly counters = new Map<string, Counter>();
  private readonly windowMs: number;
  private readonly isBounded: boolean;

  constructor({ per, rule }: CompiledLimit) {
    this.windowMs = rule.windowSeconds * 1_000;
    this.isBounded = per === "address";
  }

  /** The subject's counter as it stands now; a new one where there is none. Hot path. */
  at(limit: CompiledLimit, subject: string, nowMs: number): Counter {
    let counter = this.counters.get(subject);
    if (counter === undefined) {
      counter = new Counter(nowMs);
      if (this.isBounded && this.counters.size >= ADDRESSES_MAX) this.forgetOldest();
      this.counters.set(subject, counter);
      return counter;
    }
    if (this.isBounded) {
      this.counters.delete(subject);
      this.counters.set(subject, counter);
    }
    if (limit.metric !== "concurrency") drain(limit.rule, counter, nowMs);
    return counter;
  }

  /** The one seen longest ago that no call holds: connections bound those. */
  private forgetOldest(): void {
    for (const [subject, { held }] of this.counters) {
      if (held > 0) continue;
      this.counters.delete(subject);
      return;
    }
  }

  /** Forgets what stands where a new counter would: a whole window without a call drains all but a debt. */
  sweep(drainPerMs: number, nowMs: number): void {
    for (const [subject, { backlog, atMs, held }] of this.counters) {
      const restsMs = nowMs - atMs;
      if (held === 0 && restsMs >= this.windowMs && restsMs * drainPerMs >= backlog) this.counters.delete(subject);
    }
  }

  get size(): number {
    return this.counters.size;
  }
}
