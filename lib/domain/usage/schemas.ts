import { z } from "zod";
import { Timestamp } from "../../contract/names.ts";

/** A time in a query, with any offset. */
export const QueryTime = z.iso
  .datetime({ offset: true, abort: true, error: 'must be a time such as "2026-11-24T00:00:00Z"' })
  .refine((text) => Date.parse(text) >= Date.UTC(2000, 1), "must not lie before the year 2000");

/** One value or several with commas between them. */
const commaList = z
  .string()
  .max(4_000)
  .transform((text) => text.split(",").map((part) => part.trim()))
  .pipe(z.array(z.string().min(1, "must not be empty").max(200)).max(50, "names at most 50 values"));

const statusList = commaList.pipe(
  z.array(z.string().regex(/^([1-5]\d\d|[1-5]xx)$/, 'must be a status such as "429" or a class such as "4xx"')),
);

/** The filters that usage and requests share; several values of one filter mean any of them. */
export const TrafficFilters = z.strictObject({
  teamId: commaList.optional(),
  consumerId: commaList.optional(),
  apiKeyId: commaList.optional(),
  route: commaList.optional(),
  upstreamId: commaList.optional(),
  model: commaList.optional(),
  nodeId: commaList.optional(),
  status: statusList.optional(),
  cache: commaList.pipe(z.array(z.enum(["hit", "miss", "bypass"]))).optional(),
});
export type TrafficFilters = z.output<typeof TrafficFilters>;

export const UsageInterval = z.enum(["minute", "hour", "day"]);
export type UsageInterval = z.infer<typeof UsageInterval>;

export const USAGE_DIMENSIONS = [
  "team",
  "consumer",
  "apiKey",
  "route",
  "routeVersion",
  "upstream",
  "provider",
  "model",
  "node",
  "status",
  "cache",
] as const;
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number];

/** Default: the last 24 hours in the finest interval that still reads well. Whole buckets are counted. */
export const UsageInput = TrafficFilters.extend({
  from: QueryTime.optional(),
  to: QueryTime.optional(),
  interval: UsageInterval.optional(),
  groupBy: commaList
    .pipe(z.array(z.enum(USAGE_DIMENSIONS)).max(4, "names at most 4 dimensions"))
    .refine((names) => new Set(names).size === names.length, "names a dimension twice")
    .optional(),
  /** How many groups are shown by themselves, those with the most requests first; the rest is summed as "other". */
  limit: z.coerce.number<string | number>().int().min(1).max(100).default(20),
});

/** Percentiles are interpolated inside histogram bins (see latency-bins.ts); null without calls. */
const Latency = z.object({
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  avg: z.number().nullable(),
});

export const UsageFigures = z.object({
  requests: z.number(),
  /** Calls denied by policy, failed or interrupted; a caller who went away is none. */
  errors: z.number(),
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  reasoningTokens: z.number(),
  /** A decimal amount in the organisation's currency, without the calls counted in `unpricedRequests`. */
  cost: z.string(),
  unpricedRequests: z.number(),
  cacheHits: z.number(),
  durationMs: Latency,
  firstByteMs: Latency,
});
export type UsageFigures = z.infer<typeof UsageFigures>;

/** A thing by id and, where it still exists and the reader may know it, by name. */
export const Named = z.object({ id: z.string(), name: z.string().nullable() });
export const NamedKey = Named.extend({ last4: z.string().nullable() });

/**
 * Which group a row belongs to. `key` joins `series` and `groups` and is "other" for the rest; a dimension that was
 * not asked for is left out, and one that the calls do not have is null.
 */
export const UsageGroup = z.object({
  key: z.string(),
  label: z.string(),
  team: Named.nullable().optional(),
  consumer: Named.nullable().optional(),
  apiKey: NamedKey.nullable().optional(),
  route: z.string().nullable().optional(),
  routeVersion: z.string().nullable().optional(),
  upstream: Named.nullable().optional(),
  provider: z.string().nullable().optional(),
  model: z.string().nullable().optional(),
  node: Named.nullable().optional(),
  status: z.int().optional(),
  cache: z.string().optional(),
});
export type UsageGroup = z.infer<typeof UsageGroup>;

/**
 * Ungrouped, `series` has every bucket up to now, empty ones too, and `group` is null; grouped, only buckets with
 * calls. `from` and `to` are the bounds of the buckets that were counted.
 */
export const UsageView = z.object({
  from: Timestamp,
  to: Timestamp,
  interval: UsageInterval,
  series: z.array(UsageFigures.extend({ bucket: Timestamp, group: UsageGroup.nullable() })),
  groups: z.array(UsageFigures.extend({ group: UsageGroup })),
  totals: UsageFigures,
});
export type UsageView = z.infer<typeof UsageView>;
