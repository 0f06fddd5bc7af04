import { z } from "zod";

/** Who may be given an answer that was made for somebody else: nobody (`consumer`), the same team, or every caller of the route. */
export const CacheScope = z.enum(["consumer", "team", "everyone"]);
export type CacheScope = z.infer<typeof CacheScope>;

/** The longest an answer may be served again. */
export const CACHE_TTL_SECONDS_MAX = 30 * 86_400;

/**
 * A route version's exact cache. What makes two calls the same, and which answers are kept, stands in
 * `lib/policy/cache-key.ts` and `lib/policy/cache-control.ts`.
 */
export const CacheRule = z.strictObject({
  ttlSeconds: z.int().min(1).max(CACHE_TTL_SECONDS_MAX),
  scope: CacheScope.default("consumer"),
  /** Whether only calls that ask for temperature 0 are cached; what has no temperature (embeddings) always is. */
  onlyTemperatureZero: z.boolean().default(false),
  /** The largest answer that is kept, in bytes. */
  maxEntryBytes: z
    .int()
    .min(1_024)
    .max(64 * 1_024 * 1_024)
    .default(1_024 * 1_024),
  /** Whether nodes share answers through Valkey, where they have one. */
  shared: z.boolean().default(false),
});
export type CacheRule = z.infer<typeof CacheRule>;
