import { limitHeaders, retryHeaders } from "#gateway/limits/headers.ts";
import type { Call } from "../call.ts";
import { ALLOW, Denial, type StageResult } from "../denial.ts";
import type { PipelineParts, Stage } from "../parts.ts";

/** The plan's rate limits: all of them or none are charged. */
export const limit: Stage = {
  name: "limit",
  isNeeded: (needs) => needs.isInference && needs.hasRateLimits,
  run(call: Call, parts: PipelineParts): StageResult {
    const { plan, consumer } = call;
    if (plan === null || consumer === null) throw new Error("A call reached limit without plan or consumer");
    const verdict = parts.limiter.take(consumer.id, plan.limits, Math.floor(parts.monotonicMs()));
    const { rule } = verdict.limit;
    call.limitHeaders = limitHeaders(verdict, plan.limitPolicyHeader);
    if (verdict.isAllowed) {
      call.allow("limit", `${rule.limit} requests in ${rule.windowSeconds} s`, { remaining: verdict.remaining });
      return ALLOW;
    }
    return new Denial(
      "rate_limit_exceeded",
      `The limit of ${rule.limit} requests in ${rule.windowSeconds} s is reached. Try again in ${verdict.retryMs} ms.`,
      {
        rule: `plan ${plan.name}: ${rule.limit} requests in ${rule.windowSeconds} s`,
        headers: retryHeaders(verdict.retryMs),
      },
    );
  },
};
