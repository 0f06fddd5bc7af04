import type { Call } from "#gateway/pipeline/call.ts";
import type { CompiledLimit, CompiledUpstream } from "#gateway/snapshot/snapshot.ts";
import type { Hold } from "./hold.ts";
import { type LimitQuestion, RateLimiter } from "./limiter.ts";
import { estimateTokens } from "./subject.ts";
import type { LimitVerdict } from "./verdict.ts";

const NONE: readonly CompiledLimit[] = [];

/**
 * The rate limits of calls: those of plan and route are asked together before a call goes on, those of an upstream before
 * each attempt at it. What a call holds is on the call, and is settled when the attempt or the call is over.
 */
export class CallLimits {
  private readonly local = new RateLimiter();
  private readonly monotonicMs: () => number;

  constructor(monotonicMs: () => number) {
    this.monotonicMs = monotonicMs;
  }

  /** Asks the limits of the call's plan and route: all are charged or none. Hot path. */
  admitCall(call: Call): LimitVerdict | Promise<LimitVerdict> {
    const { plan, route } = call;
    return this.admit({
      call,
      limits: plan?.limits ?? NONE,
      more: route?.limits ?? NONE,
      tokens: estimateTokens(call),
      isUndoable: mayBeUndone(call),
      holds: call.limitHolds,
    });
  }

  /** Asks the limits of an upstream for one attempt. */
  admitAttempt(call: Call, upstream: CompiledUpstream): LimitVerdict | Promise<LimitVerdict> {
    const tokens = estimateTokens(call);
    const holds = call.attemptHolds;
    return this.admit({ call, limits: upstream.limits, more: NONE, tokens, isUndoable: false, holds });
  }

  private admit(question: LimitQuestion): LimitVerdict | Promise<LimitVerdict> {
    return this.local.admit(question, this.nowMs());
  }

  /** In how many milliseconds an upstream's own limits will take a call; 0 when they do now. */
  upstreamWaitMs({ limits }: CompiledUpstream): number {
    return limits.length === 0 ? 0 : this.local.upstreamWaitMs(limits, this.nowMs());
  }

  /** An attempt failed and there may be another: its slot is free again, and it used no tokens. */
  attemptOver(call: Call): void {
    this.settle(call.attemptHolds, 0);
  }

  /** The call is over: slots are given back, and what was reserved becomes what was used. Exactly once for each hold. */
  callOver(call: Call): void {
    // What comes out of the cache has been used by another call.
    const used = call.cache === "hit" ? 0 : call.usage.inputTokens + call.usage.outputTokens;
    this.settle(call.attemptHolds, used);
    this.settle(call.limitHolds, used);
  }

  /** No upstream takes the call, because of their limits alone: plan and route are charged nothing. */
  undo(call: Call): void {
    this.settle(call.limitHolds, "undo");
  }

  private settle(holds: Hold[], used: number | "undo"): void {
    if (holds.length === 0) return;
    const nowMs = this.nowMs();
    // What is taken off the list is settled: nothing can settle it again.
    for (let hold = holds.pop(); hold !== undefined; hold = holds.pop()) this.local.settle(hold, used, nowMs);
  }

  private nowMs(): number {
    return Math.floor(this.monotonicMs());
  }

  /** Forgets what is worth nothing any more. Called now and then. */
  sweep(): void {
    this.local.sweep(this.nowMs());
  }

  /** How many counters are kept here. */
  get counters(): number {
    return this.local.size;
  }
}

/** Whether every target may yet refuse the call by its upstream's limits. */
function mayBeUndone({ version }: Call): boolean {
  for (const target of version?.targets ?? []) if (target.upstream.limits.length > 0) return true;
  return false;
}
