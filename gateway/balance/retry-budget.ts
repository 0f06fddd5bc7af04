/**
 * How many retries there may be: a fifth of the calls, and always ten a second, so that a failing upstream is not given
 * several times the load it failed under. Finagle's retry budget with its two sources.
 */
const RETRIES_PER_CALL = 0.2;
const FLOOR_PER_SECOND = 10;
/** What may be saved up from calls. */
const CREDIT_MAX = 100;

export class RetryBudget {
  private credit = 0;
  private floor = FLOOR_PER_SECOND;
  private floorAtMs: number;

  constructor(nowMs: number) {
    this.floorAtMs = nowMs;
  }

  /** A call was sent for the first time. */
  called(): void {
    this.credit = Math.min(CREDIT_MAX, this.credit + RETRIES_PER_CALL);
  }

  /** Takes one retry out of the budget, or says that there is none. */
  take(nowMs: number): boolean {
    const gained = (Math.max(0, nowMs - this.floorAtMs) * FLOOR_PER_SECOND) / 1_000;
    this.floor = Math.min(FLOOR_PER_SECOND, this.floor + gained);
    this.floorAtMs = nowMs;
    if (this.floor >= 1) this.floor -= 1;
    else if (this.credit >= 1) this.credit -= 1;
    else return false;
    return true;
  }
}
