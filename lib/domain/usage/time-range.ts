import { invalidField } from "../errors.ts";
import type { UsageInterval } from "./schemas.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
export const INTERVAL_MS: Record<UsageInterval, number> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };

const BUCKETS_MAX = 2_000;
/** Groups × buckets of one answer. */
const ROWS_MAX = 20_000;

/** The window of a query: the last 24 hours unless the caller says otherwise. 422 when it ends before it begins. */
export function windowOf(input: { from?: string | undefined; to?: string | undefined }, now: Date) {
  const to = input.to === undefined ? now : new Date(input.to);
  // A window that ends in the future and has no beginning still begins a day before now.
  const from =
    input.from === undefined ? new Date(Math.min(to.getTime(), now.getTime()) - DAY_MS) : new Date(input.from);
  if (from >= to) throw invalidField("/from", "invalid_range", "must be before `to`");
  return { from, to };
}

export interface BucketRange {
  interval: UsageInterval;
  /** Whole buckets: from the start of the first to the end of the last. */
  from: Date;
  to: Date;
}

/**
 * The buckets of a query. Without an interval: minutes up to 3 hours, hours up to 15 days, days beyond. 422 with the
 * remedy when the answer would be too long.
 */
export function bucketRange(
  input: { from?: string | undefined; to?: string | undefined; interval?: UsageInterval | undefined },
  groups: number,
  now: Date,
): BucketRange {
  const { from, to } = windowOf(input, now);
  const interval = input.interval ?? defaultInterval(to.getTime() - from.getTime());
  const stepMs = INTERVAL_MS[interval];
  const range = {
    interval,
    from: new Date(Math.floor(from.getTime() / stepMs) * stepMs),
    to: new Date(Math.ceil(to.getTime() / stepMs) * stepMs),
  };
  requireBounded(range, groups);
  return range;
}

function defaultInterval(lengthMs: number): UsageInterval {
  if (lengthMs <= 3 * HOUR_MS) return "minute";
  return lengthMs <= 15 * DAY_MS ? "hour" : "day";
}

const COARSER = { minute: "interval=hour", hour: "interval=day", day: undefined } as const;

function requireBounded({ interval, from, to }: BucketRange, groups: number): void {
  const buckets = (to.getTime() - from.getTime()) / INTERVAL_MS[interval];
  const remedies = [COARSER[interval], "a shorter time range"];
  if (groups > 1) remedies.push("a smaller limit of groups");
  const remedy = remedies.filter((text) => text !== undefined).join(", or ");
  if (buckets > BUCKETS_MAX)
    throw invalidField(
      "/interval",
      "too_many_buckets",
      `This range has ${buckets} buckets of one ${interval} and at most ${BUCKETS_MAX} are answered. Choose ${remedy}.`,
    );
  if (buckets * groups > ROWS_MAX)
    throw invalidField(
      "/interval",
      "too_many_rows",
      `${groups} groups × ${buckets} buckets are more than the ${ROWS_MAX} rows that are answered at once. Choose ${remedy}.`,
    );
}

/** The starts (ISO-8601) of the range's buckets up to the one that `now` lies in. */
export function bucketStarts({ interval, from, to }: BucketRange, now: Date): string[] {
  const endMs = Math.min(to.getTime(), now.getTime() + 1);
  const starts: string[] = [];
  for (let atMs = from.getTime(); atMs < endMs; atMs += INTERVAL_MS[interval])
    starts.push(new Date(atMs).toISOString());
  return starts;
}
