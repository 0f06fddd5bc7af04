import type { Call } from "#gateway/pipeline/call.ts";
import type { SharedStore } from "#gateway/shared/shared-store.ts";
import type { CompiledUpstream } from "#gateway/snapshot/snapshot.ts";
import type { LimitsCounted } from "#lib/contract/node-protocol.ts";
import type { CompiledLimit } from "#lib/policy/limits/compile-limits.ts";
import type { Hold } from "#lib/policy/limits/hold.ts";
import { type LimitQuestion, RateLimiter } from "#lib/policy/limits/limiter.ts";
import { LimitVerdict } from "#lib/policy/limits/verdict.ts";
import { reservedTokens } from "#lib/policy/reserved-tokens.ts";
import { SharedLimiter } from "./shared-limiter.ts";

/** A slot may be free again at any moment: a full upstream is asked again after this. */
const FULL_MS = 20;
const NONE: readonly CompiledLimit[] = [];

/**
 * The rate limits of calls: those of plan and route are asked together before a call goes on, those of an upstream before
 * each attempt at it. What a call holds is on the call, and is settled when the attempt or the call is over. Counted in
 * this process, or, where there is a store that nodes share, there; while that is away, here by this node's share.
 */
export class CallLimits {
  private readonly local = new RateLimiter();
  private readonly monotonicMs: () => number;
  private readonly store: SharedStore | null;
  private readonly shared: SharedLimiter | null;
  /** Until when upstreams are used up, as far as the store has told. */
  private readonly usedUpUntilMs = new Map<string, number>();
  /** Among how many nodes limits are shared out while the store is away; null until the control plane has said. */
  private servingNodes: number | null = null;
  /** Calls that were decided by share, and calls that a shadow limit would have refused. */
  readonly figures = { byShare: 0, shadowRefusals: 0 };

  constructor(monotonicMs: () => number, store: SharedStore | null) {
    this.monotonicMs = monotonicMs;
    this.store = store;
    this.shared = store === null ? null : new SharedLimiter(store);
  }

  /** Asks the limits of the call's plan and route: all are charged or none. Hot path. */
  admitCall(call: Call): LimitVerdict | Promise<LimitVerdict> {
    const { plan, route } = call;
    return this.admit({
      call,
      limits: plan?.limits ?? NONE,
      more: route?.limits ?? NONE,
      tokens: tokensOf(call),
      isUndoable: mayBeUndone(call),
      holds: call.limitHolds,
    });
  }

  /** Asks the limits of an upstream for one attempt. */
  admitAttempt(call: Call, { id, limits }: CompiledUpstream): LimitVerdict | Promise<LimitVerdict> {
    const tokens = tokensOf(call);
    const verdict = this.admit({ call, limits, more: NONE, tokens, isUndoable: false, holds: call.attemptHolds });
    if (!(verdict instanceof Promise)) return verdict;
    return verdict.then((given) => {
      const { refusedBy, retryMs } = given;
      const waitMs = refusedBy?.metric === "concurrency" ? FULL_MS : retryMs;
      if (refusedBy !== null) this.usedUpUntilMs.set(id, this.nowMs() + waitMs);
      return given;
    });
  }

  private admit(question: LimitQuestion): LimitVerdict | Promise<LimitVerdict> {
    if (this.shared === null) return this.noted(this.local.admit(question, this.nowMs()));
    return this.store?.isUp === true ? this.admitTogether(this.shared, question) : this.admitByShare(question);
  }

  private async admitTogether(shared: SharedLimiter, question: LimitQuestion): Promise<LimitVerdict> {
    const verdict = await shared.admit(question);
    return verdict === null ? this.admitByShare(question) : this.noted(verdict);
  }

  /** The store is away: this node's share of each limit counts, apart from what the store has counted. */
  private admitByShare(question: LimitQuestion): LimitVerdict {
    this.figures.byShare += 1;
    const verdict = new LimitVerdict();
    verdict.countedBy = "share";
    return this.noted(this.local.admit(question, this.nowMs(), this.servingNodes ?? 1, verdict));
  }

  private noted(verdict: LimitVerdict): LimitVerdict {
    if (verdict.refusedBy === null && verdict.shadowed.length > 0) this.figures.shadowRefusals += 1;
    return verdict;
  }

  /** In how many milliseconds an upstream's own limits take a call again, as far as this node knows; 0 when they do now. */
  upstreamWaitMs({ id, limits }: CompiledUpstream): number {
    if (limits.length === 0) return 0;
    if (this.shared === null) return this.local.upstreamWaitMs(limits, this.nowMs());
    if (this.store?.isUp !== true) return this.local.upstreamWaitMs(limits, this.nowMs(), this.servingNodes ?? 1);
    return Math.max(0, (this.usedUpUntilMs.get(id) ?? 0) - this.nowMs());
  }

  /** An attempt failed and there may be another: its slot is free again, and it used no tokens. */
  attemptOver(call: Call): void {
    this.settle(call.attemptHolds, 0);
  }

  /** The call is over: slots are given back, and what was reserved becomes what was used. Exactly once for each hold. */
  callOver(call: Call): void {
    const used = call.usage.inputTokens + call.usage.outputTokens;
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
    const taken = holds.splice(0);
    for (const hold of taken) this.local.settle(hold, used, nowMs);
    this.shared?.settle(
      taken.filter((hold) => hold.counter === null),
      used,
    );
  }

  private nowMs(): number {
    return Math.floor(this.monotonicMs());
  }

  /** The control plane says how many nodes of this node's group serve. */
  learnServingNodes(nodes: number): void {
    this.servingNodes = Math.max(1, nodes);
  }

  /** What a report says of it. Left out by a node that counts by itself, as one of an earlier release does. */
  reported(): { limits?: LimitsCounted } {
    return this.store === null ? {} : { limits: this.counted };
  }

  /** How limits are counted now. */
  get counted(): LimitsCounted {
    if (this.store === null) return { by: "node", nodes: null };
    return this.store.isUp ? { by: "store", nodes: null } : { by: "share", nodes: this.servingNodes };
  }

  /** Forgets what is worth nothing any more. Called now and then. */
  sweep(): void {
    const nowMs = this.nowMs();
    this.local.sweep(nowMs);
    for (const [id, untilMs] of this.usedUpUntilMs) if (untilMs <= nowMs) this.usedUpUntilMs.delete(id);
  }

  /** How many counters are kept here. */
  get counters(): number {
    return this.local.size;
  }

  close(): void {
    this.shared?.close();
  }
}

/** Whether every target may yet refuse the call by its upstream's limits. */
function mayBeUndone({ version }: Call): boolean {
  for (const target of version?.targets ?? []) if (target.upstream.limits.length > 0) return true;
  return false;
}

/** How many tokens a call may use, as far as its body says, as guardrails left it. */
function tokensOf({ action, body, facts }: Call): number {
  return reservedTokens(action, {
    bodyBytes: body?.length ?? 0,
    isForm: facts?.modelIn === "form",
    maxOutputTokens: facts?.maxOutputTokens ?? null,
    candidates: facts?.candidates ?? 1,
  });
}
