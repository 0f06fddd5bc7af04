import { type LimitOwner, rateLimitWords } from "#components/plans/rate-limit-words.ts";
import type { RateLimit } from "#lib/contract/rate-limit.ts";

/** The limits of a route or an upstream as a fact of its list. */
export function rateLimitFacts(limits: readonly RateLimit[], owner: LimitOwner, none: string) {
  const words = limits.map((limit) => rateLimitWords(limit, owner)).join("; ");
  return [{ label: "Rate limits", value: words === "" ? none : words }];
}
