import type { CompiledTarget } from "#gateway/snapshot/snapshot.ts";
import { CircuitBreaker } from "#lib/policy/circuit-breaker.ts";
import { PeakEwma } from "#lib/policy/peak-ewma.ts";
import type { Candidate } from "#lib/policy/select-target.ts";
import type { UpstreamState } from "./upstream-state.ts";

/** Why a target cannot be chosen now; `in_service` when it can. */
export type Standing =
  | "in_service"
  | "no_weight"
  | "tried"
  | "breaker_open"
  | "trial_under_way"
  | "unreachable"
  | "credentials_resting"
  | "limited";

/** A target that returns starts with this share. */
const SLOW_START_SHARE_MIN = 0.1;

/** What a node knows of one target, by its id: it survives a new snapshot. A candidate for selection itself. */
export class TargetState implements Candidate {
  readonly id: string;
  target: CompiledTarget;
  readonly upstream: UpstreamState;
  readonly breaker: CircuitBreaker;
  readonly latency = new PeakEwma();
  inFlight = 0;
  weight = 1;
  latencyMs = 0;
  /** What the last choice found. */
  standing: Standing = "in_service";
  /** When it came back, by the monotonic clock; null when it has its full share. */
  returnedAtMs: number | null = null;
  sinceMs = 0;
  reason = "";

  constructor(target: CompiledTarget, upstream: UpstreamState, random: () => number) {
    this.id = target.id;
    this.target = target;
    this.upstream = upstream;
    this.breaker = new CircuitBreaker(random);
  }

  get priority(): number {
    return this.target.priority;
  }

  get hash(): number {
    return this.target.hash;
  }

  /** Its share of what it would get, while it starts slowly: a straight line up to 1. Hot path. */
  share(nowMs: number): number {
    if (this.returnedAtMs === null) return 1;
    const { slowStartMs } = this.target.upstream.health;
    const share = slowStartMs === 0 ? 1 : (nowMs - this.returnedAtMs) / slowStartMs;
    if (share < 1) return Math.max(SLOW_START_SHARE_MIN, share);
    this.returnedAtMs = null;
    return 1;
  }
}
