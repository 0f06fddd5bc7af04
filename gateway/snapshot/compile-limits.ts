import type { RateLimit } from "#lib/contract/rate-limit.ts";
import { compileGcra } from "#lib/policy/gcra.ts";
import type { CompiledLimit, CompiledLimits } from "./snapshot.ts";

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
