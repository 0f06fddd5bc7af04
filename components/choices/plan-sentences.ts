import type { PlanView } from "#lib/domain/plan/schemas.ts";

const units: readonly (readonly [seconds: number, one: string, many: string])[] = [
  [86_400, "day", "days"],
  [3_600, "hour", "hours"],
  [60, "minute", "minutes"],
  [1, "second", "seconds"],
];

/** A window of time as people say it: "minute", "10 minutes", "90 seconds". */
export function windowWords(seconds: number): string {
  const [size, one, many] = units.find(([size]) => seconds % size === 0) ?? [1, "second", "seconds"];
  const count = seconds / size;
  return count === 1 ? one : `${count} ${many}`;
}

/** Each rate limit as a sentence part: "60 requests a minute". */
export function rateLimitWords({ metric, limit, windowSeconds }: PlanView["rateLimits"][number]): string {
  const noun = limit === 1 ? metric.replace(/s$/, "") : metric;
  const span = windowWords(windowSeconds);
  return `${limit.toLocaleString("en")} ${noun} ${/^\d/.test(span) ? `in ${span}` : span === "hour" ? "an hour" : `a ${span}`}`;
}

/** Which routes a plan reaches: "every route", "the route smart", "3 routes". */
export function routesWords(routes: readonly string[]): string {
  if (routes.includes("*")) return "every route";
  if (routes.length === 0) return "no route";
  return routes.length === 1 ? `the route ${routes[0]}` : `${routes.length} routes`;
}

/** A plan in one sentence: "60 requests a minute, every route". */
export function planSentence(plan: Pick<PlanView, "rateLimits" | "routes">): string {
  const limits = plan.rateLimits.map(rateLimitWords);
  return [...(limits.length === 0 ? ["no rate limit"] : limits), routesWords(plan.routes)].join(", ");
}
