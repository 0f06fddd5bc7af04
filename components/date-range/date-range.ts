const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** The spans offered, shortest first. */
export const rangePresets = ["15m", "1h", "6h", "24h", "7d", "30d", "90d"] as const;
export type RangePreset = (typeof rangePresets)[number];

export const presetMs: Record<RangePreset, number> = {
  "15m": 15 * minuteMs,
  "1h": hourMs,
  "6h": 6 * hourMs,
  "24h": dayMs,
  "7d": 7 * dayMs,
  "30d": 30 * dayMs,
  "90d": 90 * dayMs,
};

export const presetLabels: Record<RangePreset, string> = {
  "15m": "Last 15 minutes",
  "1h": "Last hour",
  "6h": "Last 6 hours",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
};

/** What the URL holds: a span that ends now, or two fixed moments. */
export type DateRange = { kind: "preset"; preset: RangePreset } | { kind: "fixed"; fromMs: number; toMs: number };

export type Interval = "minute" | "hour" | "day";

/** A range at a given moment: whole intervals, so that two renders within one interval ask the same question. */
export type ResolvedRange = {
  fromMs: number;
  toMs: number;
  interval: Interval;
  /** The span of the same length just before. */
  previous: { fromMs: number; toMs: number };
};

const intervalMs: Record<Interval, number> = { minute: minuteMs, hour: hourMs, day: dayMs };

/** The interval that gives a chart some 6 to 200 points over the span. */
export function intervalFor(spanMs: number): Interval {
  if (spanMs <= 3 * hourMs) return "minute";
  if (spanMs <= 8 * dayMs) return "hour";
  return "day";
}

/**
 * The moments a range means at `nowMs`. A preset ends at the end of the running interval and starts a whole number of
 * intervals earlier; a fixed range is taken as it is.
 */
export function resolveRange(range: DateRange, nowMs: number): ResolvedRange {
  if (range.kind === "fixed") return withPrevious(range.fromMs, range.toMs, intervalFor(range.toMs - range.fromMs));
  const spanMs = presetMs[range.preset];
  const interval = intervalFor(spanMs);
  const step = intervalMs[interval];
  const toMs = (Math.floor(nowMs / step) + 1) * step;
  return withPrevious(toMs - spanMs, toMs, interval);
}

function withPrevious(fromMs: number, toMs: number, interval: Interval): ResolvedRange {
  return { fromMs, toMs, interval, previous: { fromMs: fromMs - (toMs - fromMs), toMs: fromMs } };
}

const localPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** The value of a `datetime-local` input for a moment, in the viewer's zone. */
export function toLocalInput(atMs: number): string {
  const offsetMs = new Date(atMs).getTimezoneOffset() * minuteMs;
  return new Date(atMs - offsetMs).toISOString().slice(0, 16);
}

/** The moment a `datetime-local` value names in the viewer's zone, or null if it names none. */
export function fromLocalInput(value: string): number | null {
  const atMs = localPattern.test(value) ? new Date(value).getTime() : Number.NaN;
  return Number.isNaN(atMs) ? null : atMs;
}

/** Why two moments are no range, in words, or null when they are one. */
export function rangeProblem(fromMs: number | null, toMs: number | null): string | null {
  if (fromMs === null || toMs === null) return "Enter both a start and an end.";
  if (toMs <= fromMs) return "The end must lie after the start.";
  return null;
}
