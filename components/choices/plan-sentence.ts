import { rateLimitWords } from "#components/plans/rate-limit-words.ts";
import type { PlanView } from "#lib/domain/plan/schemas.ts";

/** Which routes a plan reaches: "every route", "the route smart", "3 routes". */
export function routesWords(routes: readonly string[]): string {
  if (routes.includes("*")) return "every route";
  if (routes.length === 0) return "no route";
  return routes.length === 1 ? `the route ${routes[0]}` : `${routes.length} routes`;
}

/** A plan in one sentence: "60 requests a minute, every route". */
export function planSentence(plan: Pick<PlanView, "rateLimits" | "routes">): string {
  const limits = plan.rateLimits.map((limit) => rateLimitWords(limit));
  return [...(limits.length === 0 ? ["no rate limit"] : limits), routesWords(plan.routes)].join(", ");
}
