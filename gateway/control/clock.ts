/**
 * The node's clock corrected by the control plane's: a skewed machine must neither let an expired key in nor sign
 * requests that look old. Measured from `serverTime`, taking half the round trip as the way back.
 */
export class ControlClock {
  private readonly nowLocalMs: () => number;
  private offsetMs = 0;

  constructor(nowLocalMs: () => number) {
    this.nowLocalMs = nowLocalMs;
  }

  /** Milliseconds since 1970 by the control plane's clock, as far as known. Hot path. */
  nowMs = (): number => this.nowLocalMs() + this.offsetMs;

  /** How far the control plane's clock is ahead of this machine's. */
  get skewMs(): number {
    return this.offsetMs;
  }

  /** Learns from an answer that was asked for at one local time and came at another. Under a second is the network's noise. */
  learn(serverTime: string, askedAtLocalMs: number, answeredAtLocalMs: number): void {
    const serverMs = Date.parse(serverTime);
    if (!Number.isFinite(serverMs)) return;
    const offsetMs = serverMs - (askedAtLocalMs + answeredAtLocalMs) / 2;
    this.offsetMs = Math.abs(offsetMs) < 1_000 ? 0 : offsetMs;
  }
}

/** Milliseconds of a clock that never goes back. */
export function monotonicMs(): number {
  return performance.now();
}
