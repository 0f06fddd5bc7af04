import type { UpstreamCredential } from "#gateway/snapshot/credentials.ts";
import { CircuitBreaker } from "#lib/policy/circuit-breaker.ts";

/**
 * What a node knows of one credential of an upstream, as long as it has this very secret; `credential` is null for an
 * upstream that is called without one.
 */
export class CredentialState {
  readonly credential: UpstreamCredential | null;
  /** Opens with the first refusal: the credential rests. */
  readonly breaker: CircuitBreaker;
  /** Until when the upstream wants no more calls with it, by target. */
  readonly limitedUntilMs = new Map<string, number>();
  sinceMs = 0;
  reason = "";

  constructor(credential: UpstreamCredential | null, random: () => number) {
    this.credential = credential;
    this.breaker = new CircuitBreaker(random);
  }

  /** Hot path. */
  admits(targetId: string, nowMs: number): boolean {
    return this.breaker.admits(nowMs) && !this.isLimited(targetId, nowMs);
  }

  isLimited(targetId: string, nowMs: number): boolean {
    return this.limitedUntilMs.size > 0 && (this.limitedUntilMs.get(targetId) ?? 0) > nowMs;
  }

  /** When it may be used for a target again. */
  freeAtMs(targetId: string): number {
    const restsUntilMs = this.breaker.state === "closed" ? 0 : this.breaker.retryAtMs;
    return Math.max(restsUntilMs, this.limitedUntilMs.get(targetId) ?? 0);
  }
}
