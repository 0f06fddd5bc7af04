import { FailureWindow } from "./failure-window.ts";

export interface BreakerSettings {
  /** So many failures in a row open it; 0: never. */
  readonly consecutiveFailures: number;
  /** This share of failures in the window opens it; 0: never. */
  readonly errorPercent: number;
  readonly windowMs: number;
  readonly callsMin: number;
  /** How long it is open the first time; doubles with each opening, up to `openMsMax`. */
  readonly openMs: number;
  readonly openMsMax: number;
}

/** `half_open`: one call is under way that decides. */
export type BreakerState = "closed" | "open" | "half_open";

/** Up to this share of the open time is taken off at random, so that many nodes do not try at the same moment. */
const JITTER = 0.2;

/**
 * A circuit breaker. Closed, it lets calls pass and counts failures; open, it lets none pass; when the open time is over
 * the next call is a trial, alone, whose end closes it or opens it for longer. Clock and randomness are handed in.
 * The owner asks `admits`, then says `begin`, and reports each begun call once: with what `begin` returned.
 */
export class CircuitBreaker {
  private readonly random: () => number;
  private readonly window = new FailureWindow();
  private current: BreakerState = "closed";
  private failuresInRow = 0;
  private openings = 0;
  private openUntilMs = 0;
  private closedAtMs = Number.NEGATIVE_INFINITY;

  constructor(random: () => number) {
    this.random = random;
  }

  get state(): BreakerState {
    return this.current;
  }

  /** When the next trial may begin; meaningful while open. */
  get retryAtMs(): number {
    return this.openUntilMs;
  }

  /** Whether a call may pass now. Changes nothing. Hot path. */
  admits(nowMs: number): boolean {
    return this.current === "closed" || (this.current === "open" && nowMs >= this.openUntilMs);
  }

  /** A call that was admitted is sent. Returns whether it is the trial. Hot path. */
  begin(): boolean {
    if (this.current !== "open") return false;
    this.current = "half_open";
    return true;
  }

  /** A call ended well. Returns whether the breaker closed by it. */
  succeeded(nowMs: number, isTrial: boolean, settings: BreakerSettings): boolean {
    if (isTrial) {
      this.current = "closed";
      this.closedAtMs = nowMs;
      this.failuresInRow = 0;
      this.window.clear();
      return true;
    }
    if (this.current !== "closed") return false;
    this.failuresInRow = 0;
    if (settings.errorPercent > 0) this.window.record(nowMs, settings.windowMs, false);
    return false;
  }

  /** A call failed. Returns whether the breaker opened by it. What ends after the breaker opened counts no more. */
  failed(nowMs: number, isTrial: boolean, settings: BreakerSettings): boolean {
    if (isTrial) {
      this.open(nowMs, settings);
      return true;
    }
    if (this.current !== "closed") return false;
    this.failuresInRow += 1;
    if (settings.errorPercent > 0) this.window.record(nowMs, settings.windowMs, true);
    if (!this.isTripped(nowMs, settings)) return false;
    this.open(nowMs, settings);
    return true;
  }

  /** A call ended without telling anything. If it was the trial, the next call is one. */
  abandoned(isTrial: boolean): void {
    if (isTrial) this.current = "open";
  }

  /** Ends the open time now: the next call is a trial. Returns whether there was anything to end. */
  wake(nowMs: number): boolean {
    if (this.current !== "open" || nowMs >= this.openUntilMs) return false;
    this.openUntilMs = nowMs;
    return true;
  }

  /** Opens a closed one, whatever was counted. Returns whether it was closed. */
  trip(nowMs: number, settings: BreakerSettings): boolean {
    if (this.current !== "closed") return false;
    this.open(nowMs, settings);
    return true;
  }

  private open(nowMs: number, { openMs, openMsMax }: BreakerSettings): void {
    // What held for longer than the longest open time is a failure of its own, not a relapse.
    if (nowMs - this.closedAtMs > openMsMax && this.current === "closed") this.openings = 0;
    const boundMs = Math.min(openMsMax, openMs * 2 ** Math.min(this.openings, 30));
    this.openings += 1;
    this.current = "open";
    this.openUntilMs = nowMs + boundMs * (1 - JITTER * this.random());
  }

  private isTripped(nowMs: number, settings: BreakerSettings): boolean {
    const { consecutiveFailures, errorPercent, windowMs, callsMin } = settings;
    if (consecutiveFailures > 0 && this.failuresInRow >= consecutiveFailures) return true;
    return errorPercent > 0 && this.window.isAbove(nowMs, windowMs, callsMin, errorPercent);
  }
}
