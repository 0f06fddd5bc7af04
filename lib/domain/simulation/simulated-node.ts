import type { CompiledLimit } from "../../policy/limits/compile-limits.ts";
import type { Hold } from "../../policy/limits/hold.ts";
import { RateLimiter } from "../../policy/limits/limiter.ts";
import type { LimitedCall } from "../../policy/limits/subject.ts";
import type { RouteRule } from "../../policy/plan-allows.ts";
import { chargedNanos } from "../../policy/price.ts";
import { reservedTokens } from "../../policy/reserved-tokens.ts";
import { admit, type Reached, type Refusal, tokensToReserve, wasRefusedBeforePolicy } from "./admission.ts";
import { type Caller, type RecordedCall, wasServed } from "./recorded-call.ts";
import {
  type SimulatedPolicy,
  type SimulatedRoute,
  type SimulatedTarget,
  type SimulatedVersion,
  servingTargets,
} from "./simulated-policy.ts";
import { SimulatedTargets } from "./simulated-targets.ts";

/** What becomes of a call under a document. */
export interface Fate {
  /** Null: it is served. */
  readonly refusal: Refusal | null;
  /** The limit that refuses. */
  readonly limit: CompiledLimit | null;
  /** Shadow limits that would have refused it. */
  readonly shadowed: readonly CompiledLimit[];
  readonly route: SimulatedRoute | null;
  readonly version: SimulatedVersion | null;
  readonly target: SimulatedTarget | null;
  /** What it costs; 0 for a call that is refused or answered from the cache, null where that is not known. */
  readonly costNanos: bigint | null;
  /** Served, although it was refused when it was recorded: how much it would use is not known. */
  readonly isNew: boolean;
}

/** A call with whom it belongs to. */
export interface Asked {
  readonly call: RecordedCall;
  readonly caller: Caller;
  /** What narrows the plan, or null. */
  readonly key: RouteRule | null;
}

/** What a call under way holds, to be given back when it is over. */
export interface UnderWay {
  readonly target: SimulatedTarget | null;
  readonly holds: Hold[];
  readonly usedTokens: number;
}

/** Codes of refusals that are decided again; every other one stays as it was recorded. */
const DECIDED_AGAIN: ReadonlySet<string> = new Set([
  "consumer_suspended",
  "model_not_allowed",
  "route_not_allowed",
  "model_not_found",
  "version_retired",
  "rate_limit_exceeded",
  "action_not_supported",
  "guardrail_blocked",
]);
const NO_LIMITS: readonly CompiledLimit[] = [];

/**
 * One node that counts all calls, under one document and a virtual clock: the node's own limiter, selection and prices,
 * with every upstream in service. Calls must be asked in the order they were made.
 */
export class SimulatedNode {
  private readonly policy: SimulatedPolicy;
  private readonly limiter = new RateLimiter();
  private readonly targets = new SimulatedTargets();
  /** What the call that was decided last holds; null when it holds nothing. */
  underWay: UnderWay | null = null;

  constructor(policy: SimulatedPolicy) {
    this.policy = policy;
  }

  /** Decides about a call. `preferred` is the key of the target that it goes to while that can take it; null to choose. */
  decide(asked: Asked, preferred: (version: SimulatedVersion) => string | null): Fate {
    const { call, caller, key } = asked;
    this.underWay = null;
    if (wasRefusedBeforePolicy(call)) return refusedAs(call, { route: null, version: null });
    const reached = admit(this.policy, call, caller, key);
    const { plan, route, version, refusal } = reached;
    if (refusal !== null || plan === null || route === null || version === null) return refusedBy(reached, refusal);
    const holds: Hold[] = [];
    const tokens = tokensToReserve(version, call);
    const limits = { limits: plan.limits, more: route.limits };
    const isUndoable = version.targets.some(({ upstream }) => upstream.limits.length > 0);
    const verdict = this.limiter.admit(
      { call: limitedCall(asked), ...limits, tokens, isUndoable, holds },
      call.startedMs,
    );
    const { shadowed } = verdict;
    if (verdict.refusedBy !== null) return { ...refusedByLimit(reached, verdict.refusedBy), shadowed };
    return { ...this.route(asked, { route, version, tokens, holds }, preferred(version)), shadowed };
  }

  private route(
    { call, caller, key }: Asked,
    reached: { route: SimulatedRoute; version: SimulatedVersion; tokens: number; holds: Hold[] },
    preferred: string | null,
  ): Fate {
    const { route, version, tokens, holds } = reached;
    this.underWay = { target: null, holds, usedTokens: usedTokens(call) };
    if (isRefusedByText(call, version)) return refusedAs(call, reached);
    if (isStillHit(call, route, version)) return servedFromCache(call, reached);
    const serving = servingTargets(version, call.action);
    if (serving.length === 0) {
      return {
        ...NOTHING,
        route,
        version,
        refusal: { code: "action_not_supported", rule: `no target serves ${call.action}` },
      };
    }
    const attemptHolds: Hold[] = [];
    const question = { call: limitedCall({ call, caller, key }), more: NO_LIMITS, tokens, isUndoable: false };
    const admits = (target: SimulatedTarget): CompiledLimit | null =>
      target.upstream.limits.length === 0
        ? null
        : this.limiter.admit({ ...question, limits: target.upstream.limits, holds: attemptHolds }, call.startedMs)
            .refusedBy;
    const isFree = ({ upstream }: SimulatedTarget): boolean =>
      upstream.limits.length === 0 || this.limiter.upstreamWaitMs(upstream.limits, call.startedMs) === 0;
    const chosen = this.targets.choose({ call, version, serving, preferred, isFree, admits });
    if (chosen !== null && "upstream" in chosen) {
      this.underWay = { target: chosen, holds: [...holds, ...attemptHolds], usedTokens: tokensOnceServed(call) };
      this.targets.begin(chosen);
      return served(call, reached, chosen);
    }
    // Where no upstream takes it because of their limits alone, plan and route are charged nothing.
    for (const hold of holds.splice(0)) this.limiter.settle(hold, chosen === null ? 0 : "undo", call.startedMs);
    this.underWay = null;
    if (chosen !== null) return refusedByLimit({ ...reached, plan: null, refusal: null }, chosen);
    return { ...NOTHING, route, version, refusal: { code: "upstream_unavailable", rule: "no target has a weight" } };
  }

  /** The call is over: what it holds is given back, and what was reserved becomes what was used. */
  end({ target, holds, usedTokens: used }: UnderWay, nowMs: number): void {
    for (const hold of holds.splice(0)) this.limiter.settle(hold, used, nowMs);
    if (target !== null) this.targets.end(target);
  }

  /** An upstream's answer began after so long, whoever asked it. */
  answered(key: string, nowMs: number, firstByteMs: number): void {
    this.targets.answered(key, nowMs, firstByteMs);
  }

  /** Forgets counters that are worth nothing any more. */
  sweep(nowMs: number): void {
    this.limiter.sweep(nowMs);
  }
}

const NOTHING: Fate = {
  refusal: null,
  limit: null,
  shadowed: NO_LIMITS,
  route: null,
  version: null,
  target: null,
  costNanos: 0n,
  isNew: false,
};

function limitedCall({ call, caller }: Asked): LimitedCall {
  return { id: call.id, consumer: caller, apiKey: { id: call.apiKeyId }, request: call };
}

function usedTokens({ usage }: RecordedCall): number {
  return usage.inputTokens + usage.outputTokens;
}

/** What a served call takes of limits of tokens: of one that was refused then, only what it would send is known. */
function tokensOnceServed(call: RecordedCall): number {
  const { action, asked } = call;
  if (wasServed(call) || asked === null) return usedTokens(call);
  return reservedTokens(action, { ...asked, maxOutputTokens: 0 });
}

function refusedBy({ route, version }: Reached, refusal: Refusal | null): Fate {
  return { ...NOTHING, route, version, refusal: refusal ?? { code: "policy_failure", rule: "nothing was reached" } };
}

function refusedByLimit(
  { route, version }: Pick<Reached, "route" | "version" | "plan" | "refusal">,
  limit: CompiledLimit,
) {
  const refusal = { code: "rate_limit_exceeded", rule: `${limit.owner}: ${limit.words}` };
  return { ...NOTHING, route, version, limit, refusal };
}

function refusedAs(call: RecordedCall, { route, version }: Pick<Reached, "route" | "version">): Fate {
  return { ...NOTHING, route, version, refusal: { code: call.errorCode ?? "denied", rule: "as recorded" } };
}

/** Whether a refusal of then is one that cannot be decided again: by what a text says, or by something else not kept. */
function isRefusedByText(call: RecordedCall, version: SimulatedVersion): boolean {
  if (wasServed(call)) return false;
  if (call.errorCode === "guardrail_blocked") return version.guardsTexts;
  return !DECIDED_AGAIN.has(call.errorCode ?? "");
}

/** An answer that came from the cache comes from it again, where the version that is reached still has one. */
function isStillHit(call: RecordedCall, route: SimulatedRoute, version: SimulatedVersion): boolean {
  const isSame = call.route === route.name && call.routeVersion === version.version;
  return call.cache === "hit" && isSame && version.cache !== null;
}

function servedFromCache(call: RecordedCall, { route, version }: { route: SimulatedRoute; version: SimulatedVersion }) {
  const target = version.targets.find(({ upstream, model }) => upstream.id === call.upstreamId && model === call.model);
  return { ...NOTHING, route, version, target: target ?? null };
}

function served(
  call: RecordedCall,
  { route, version }: { route: SimulatedRoute; version: SimulatedVersion },
  target: SimulatedTarget,
): Fate {
  const isNew = !wasServed(call);
  const cache = call.cache === "hit" ? "miss" : call.cache;
  const costNanos = isNew ? null : chargedNanos({ ...call, cache }, target.price);
  return { ...NOTHING, route, version, target, costNanos, isNew };
}
