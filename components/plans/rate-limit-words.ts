import type { RateLimitMetric, RateLimitScope } from "#lib/contract/rate-limit.ts";

const units = [
  { unit: "day", seconds: 86_400 },
  { unit: "hour", seconds: 3_600 },
  { unit: "minute", seconds: 60 },
  { unit: "second", seconds: 1 },
] as const;

/** A unit that windows are written in. */
export type WindowUnit = (typeof units)[number]["unit"];

const exact = new Intl.NumberFormat("en-US");

/** A window as a whole number of the largest unit that fits: 120 → 2 minutes. */
export function splitWindow(windowSeconds: number): { count: number; unit: WindowUnit } {
  const found = units.find(({ seconds }) => windowSeconds % seconds === 0);
  return found ? { count: windowSeconds / found.seconds, unit: found.unit } : { count: windowSeconds, unit: "second" };
}

/** The other way round: 2 minutes → 120. */
export function windowSecondsOf(count: number, unit: WindowUnit): number {
  return count * (units.find((candidate) => candidate.unit === unit)?.seconds ?? 1);
}

/** "a minute", "every 5 minutes". */
export function windowWords(windowSeconds: number): string {
  const { count, unit } = splitWindow(windowSeconds);
  if (count !== 1) return `every ${exact.format(count)} ${unit}s`;
  return unit === "hour" ? "an hour" : `a ${unit}`;
}

const nouns = {
  requests: ["request", "requests"],
  tokens: ["token", "tokens"],
  concurrency: ["call", "calls"],
} as const;

const scopes: Record<RateLimitScope, string> = {
  consumer: " for each consumer",
  key: " for each key",
  team: " for each team",
  address: " for each source address",
  route: "",
  upstream: "",
};

/** Whose limit it is: a plan's holds for each consumer, which then need not be said. */
export type LimitOwner = "plan" | "route" | "upstream";

/** Any rate limit, of a plan, a route or an upstream, saved or still being written. */
export type LimitToSay = { limit: number; per: RateLimitScope; mode: "enforce" | "shadow" } & (
  | { metric: Exclude<RateLimitMetric, "concurrency">; windowSeconds: number }
  | { metric: "concurrency" }
);

/** A rate limit as a person would say it: "60 requests a minute", "100,000 tokens a minute for each key, shadow". */
export function rateLimitWords(limit: LimitToSay, owner: LimitOwner = "plan"): string {
  const noun = nouns[limit.metric][limit.limit === 1 ? 0 : 1];
  const when = limit.metric === "concurrency" ? "at a time" : windowWords(limit.windowSeconds);
  const whom = owner === "plan" && limit.per === "consumer" ? "" : scopes[limit.per];
  return `${exact.format(limit.limit)} ${noun} ${when}${whom}${limit.mode === "shadow" ? ", shadow" : ""}`;
}
