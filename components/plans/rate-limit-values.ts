import { z } from "zod";
import { type LimitOwner, splitWindow, windowSecondsOf } from "#components/plans/rate-limit-words.ts";
import { RATE_LIMITS_MAX, type RateLimit, RateLimitScope } from "#lib/contract/rate-limit.ts";

const daySeconds = 86_400;

const LimitRow = z
  .object({
    metric: z.enum(["requests", "tokens", "concurrency"]),
    limit: z.int("Enter a whole number.").min(1, "At least 1.").max(1_000_000_000, "At most 1,000,000,000."),
    /** The window in a person's units; kept and not sent while calls under way are limited. */
    count: z.int("Enter a whole number.").min(1, "At least 1."),
    unit: z.enum(["second", "minute", "hour", "day"]),
    per: RateLimitScope,
    isShadow: z.boolean(),
  })
  .refine(({ count, unit }) => windowSecondsOf(count, unit) <= daySeconds, {
    path: ["count"],
    message: "A window is at most one day.",
  })
  .refine(({ metric, limit }) => metric !== "concurrency" || limit <= 1_000_000, {
    path: ["limit"],
    message: "At most 1,000,000 calls at a time.",
  });

/** The rate limits of a form, one row each: what the forms of plans, routes and upstreams have in common. */
export const RateLimitBoxes = z.array(LimitRow).max(RATE_LIMITS_MAX, `At most ${RATE_LIMITS_MAX} limits.`);
export type RateLimitBoxes = z.infer<typeof RateLimitBoxes>;

/** Whom each kind of limit counts apart unless told otherwise. */
export const defaultScope = { plan: "consumer", route: "route", upstream: "upstream" } as const;

/** A limit that is easy to change. */
export function newLimitRow(owner: LimitOwner): RateLimitBoxes[number] {
  return { metric: "requests", limit: 60, count: 1, unit: "minute", per: defaultScope[owner], isShadow: false };
}

/** The rows for limits as they are. */
export function rateLimitBoxes(limits: readonly RateLimit[]): RateLimitBoxes {
  return limits.map((limit) => {
    const { metric, per, mode } = limit;
    const window = splitWindow(limit.metric === "concurrency" ? 60 : limit.windowSeconds);
    return { metric, limit: limit.limit, ...window, per, isShadow: mode === "shadow" };
  });
}

/** What the rows send. Which scopes a limit may have, the server says. */
export function setRateLimits(rows: RateLimitBoxes) {
  return rows.map(limitOfRow);
}

/** The limit that one row makes. */
export function limitOfRow({ metric, limit, count, unit, per, isShadow }: RateLimitBoxes[number]) {
  const mode = isShadow ? ("shadow" as const) : ("enforce" as const);
  if (metric === "concurrency") return { metric, limit, per, mode };
  return { metric, limit, windowSeconds: windowSecondsOf(count, unit), per, mode };
}
