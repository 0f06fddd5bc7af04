import { parseAsStringLiteral } from "nuqs/server";

/** What usage can be split by, as people choose it. */
export const usageSplits = ["consumer", "team", "route", "model", "provider", "upstream", "node", "apiKey"] as const;
export type UsageSplit = (typeof usageSplits)[number];

export const usageMetrics = ["cost", "requests", "tokens", "errors", "latency"] as const;
export type UsageMetric = (typeof usageMetrics)[number];

/** The URL's keys of the page's own choices. */
export const usageChoiceParsers = {
  by: parseAsStringLiteral(usageSplits).withDefault("consumer"),
  metric: parseAsStringLiteral(usageMetrics).withDefault("cost"),
  interval: parseAsStringLiteral(["minute", "hour", "day"] as const),
};

/** How many groups the table shows by themselves; the rest is one row. */
export const groupsMax = 60;
