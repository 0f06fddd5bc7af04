import { limitHeaders, retryHeaders } from "#gateway/limits/headers.ts";
import { GATEWAY_ACTIONS } from "#lib/contract/action.ts";
import type { StageDecision } from "#lib/contract/decision.ts";
import type { LimitVerdict } from "#lib/policy/limits/verdict.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

/** What the decision shows of the limits, beside the rule. */
function factsOf({ requests, tokens, shadowed, countedBy }: LimitVerdict): StageDecision["facts"] {
  const facts: NonNullable<StageDecision["facts"]> = {};
  if (requests.limit !== null) facts.remaining = requests.remaining;
  if (tokens.limit !== null) facts.remainingTokens = tokens.remaining;
  if (countedBy !== "node") facts.counted = countedBy === "store" ? "in the shared store" : "by this node's share";
  if (shadowed.length > 0) facts.shadow = shadowed.map(({ owner, words }) => `${owner}: ${words}`).join("; ");
  return facts;
}

function refusal({ refusedBy, retryMs }: LimitVerdict, facts: StageDecision["facts"]): Denial | null {
  if (refusedBy === null) return null;
  const { words, owner, metric } = refusedBy;
  const when = metric === "concurrency" ? "Try again when a call is over." : `Try again in ${retryMs} ms.`;
  return new Denial("rate_limit_exceeded", `The limit of ${words} is reached. ${when}`, {
    rule: `${owner}: ${words}${facts?.counted === undefined ? "" : `, counted ${facts.counted}`}`,
    headers: retryHeaders(retryMs),
  });
}

function conclude(call: Call, parts: PipelineParts, verdict: LimitVerdict): StageResult {
  const { plan, route } = call;
  const policies = [plan?.limitPolicyHeader ?? "", route?.limitPolicyHeader ?? ""] as const;
  call.limitHeaders = limitHeaders(verdict, policies, GATEWAY_ACTIONS[call.action], parts.nowMs());
  const facts = factsOf(verdict);
  const denial = refusal(verdict, facts);
  if (denial !== null) return denial;
  const tightest = verdict.requests.limit ?? verdict.tokens.limit;
  call.allow("limit", tightest === null ? "within every limit" : `${tightest.owner}: ${tightest.words}`, facts);
  return ALLOW;
}

/** The rate limits of plan and route: all of them are charged, or none. Those of upstreams are asked with each attempt. */
export const limit: Stage = {
  name: "limit",
  isNeeded: (needs) => (needs.isInference || needs.isHttp) && needs.hasRateLimits,
  hasOwnDeadline: false,
  run(call: Call, parts: PipelineParts): StageResult | Promise<StageResult> {
    if (call.plan === null || call.route === null) throw new Error("A call reached limit without plan or route");
    const verdict = parts.limiter.admitCall(call);
    if (verdict instanceof Promise) return verdict.then((given) => conclude(call, parts, given));
    return conclude(call, parts, verdict);
  },
};
