import type { RateLimit, RateLimitMetric, RateLimitScope } from "#lib/contract/rate-limit.ts";
import { compileGcra, type GcraRule } from "#lib/policy/gcra.ts";

/** A rate limit with all that does not change from call to call worked out. */
export interface CompiledLimit {
  /** Names the counters: whose limit it is, by id, and its figures. Equal limits share them across revisions. */
  readonly key: string;
  readonly metric: RateLimitMetric;
  readonly per: RateLimitScope;
  readonly isShadow: boolean;
  /** Calls, tokens, or calls at a time. */
  readonly limit: number;
  /** Of a limit of calls at a time, only `limit` is used. */
  readonly rule: GcraRule;
  /** The limit's name in `RateLimit` headers, quoted: `"requests-60s"`. */
  readonly label: string;
  /** In words for the caller and the decision: "60 requests in 60 s". */
  readonly words: string;
  /** Whose limit it is, for the decision: "plan standard". */
  readonly owner: string;
}

/** The limits of a plan, a route or an upstream. */
export interface CompiledLimits {
  readonly limits: readonly CompiledLimit[];
  /** The constant part of `RateLimit-Policy`; empty where no limit is shown. */
  readonly limitPolicyHeader: string;
}

/** What a plan, a route or an upstream has that a limit is named after. */
interface LimitOwner {
  readonly id: string;
  readonly name: string;
  readonly rateLimits: readonly RateLimit[];
}

const NOUNS = {
  requests: ["request", "requests"],
  tokens: ["token", "tokens"],
  concurrency: ["call at a time", "calls at a time"],
} as const;

function compileLimit(kind: string, owner: LimitOwner, limit: RateLimit): CompiledLimit {
  const { metric, per } = limit;
  const isShadow = limit.mode === "shadow";
  const windowSeconds = limit.metric === "concurrency" ? 1 : limit.windowSeconds;
  const within = metric === "concurrency" ? "" : ` in ${windowSeconds} s`;
  const whom = per === "route" || per === "upstream" ? "" : ` for each ${per === "address" ? "source address" : per}`;
  return {
    key: `${kind}:${owner.id}:${per}:${metric}:${limit.limit}:${windowSeconds}${isShadow ? ":shadow" : ""}`,
    metric,
    per,
    isShadow,
    limit: limit.limit,
    rule: compileGcra(limit.limit, windowSeconds),
    label: `"${metric}-${windowSeconds}s${kind === "plan" ? "" : `-${kind}`}"`,
    words: `${limit.limit} ${NOUNS[metric][limit.limit === 1 ? 0 : 1]}${within}${whom}`,
    owner: `${kind} ${owner.name}`,
  };
}

/** What a caller can reckon with: calls at a time have no window, and a shadow limit refuses nobody. */
function policyItem({ metric, isShadow, label, limit, rule }: CompiledLimit): string[] {
  if (isShadow || metric === "concurrency") return [];
  return [`${label};q=${limit};${metric === "tokens" ? 'qu="tokens";' : ""}w=${rule.windowSeconds}`];
}

/** Compiles the limits of a plan, a route or an upstream; of equal ones, one. */
export function compileLimits(kind: "plan" | "route" | "upstream", owner: LimitOwner): CompiledLimits {
  const byKey = new Map<string, CompiledLimit>();
  for (const limit of owner.rateLimits) {
    const compiled = compileLimit(kind, owner, limit);
    byKey.set(compiled.key, compiled);
  }
  const limits = [...byKey.values()];
  return { limits, limitPolicyHeader: limits.flatMap(policyItem).join(", ") };
}
