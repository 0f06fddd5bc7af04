import { z } from "zod";

/**
 * Whom a limit counts apart. `consumer`, `key`, `team` and `address` are of the call; `route` and `upstream` count
 * everybody who calls the one the limit belongs to together.
 */
export const RateLimitScope = z.enum(["consumer", "key", "team", "address", "route", "upstream"]);
export type RateLimitScope = z.infer<typeof RateLimitScope>;

/** What is counted: calls, LLM tokens (input and output), or calls that are under way at the same time. */
export type RateLimitMetric = "requests" | "tokens" | "concurrency";

const limit = z.int().min(1).max(1_000_000_000);
const windowSeconds = z.int().min(1).max(86_400);
/** `shadow` counts and says what it would have refused, and refuses nobody. */
const mode = z.enum(["enforce", "shadow"]).default("enforce");

function rateLimitPer<Scope extends z.ZodType>(per: Scope) {
  return z.discriminatedUnion("metric", [
    z.strictObject({ metric: z.enum(["requests", "tokens"]), limit, windowSeconds, per, mode }),
    z.strictObject({ metric: z.literal("concurrency"), limit: limit.max(1_000_000), per, mode }),
  ]);
}

/** A limit of a plan: for each consumer unless it says otherwise. */
export const PlanRateLimit = rateLimitPer(
  RateLimitScope.extract(["consumer", "key", "team", "address"]).default("consumer"),
);
export type PlanRateLimit = z.infer<typeof PlanRateLimit>;

/** A limit of a route: for all callers together unless it says otherwise. */
export const RouteRateLimit = rateLimitPer(
  RateLimitScope.extract(["route", "consumer", "key", "team", "address"]).default("route"),
);
export type RouteRateLimit = z.infer<typeof RouteRateLimit>;

/** A limit of an upstream: for all that is sent to it. */
export const UpstreamRateLimit = rateLimitPer(RateLimitScope.extract(["upstream"]).default("upstream"));
export type UpstreamRateLimit = z.infer<typeof UpstreamRateLimit>;

export type RateLimit = PlanRateLimit | RouteRateLimit | UpstreamRateLimit;

/** How many limits one plan, route or upstream may have. */
export const RATE_LIMITS_MAX = 20;
