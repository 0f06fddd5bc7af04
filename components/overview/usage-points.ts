import type { ChartPoint } from "#components/charts/chart-series.ts";
import type { UsageFigures, UsageView } from "#lib/domain/usage/schemas.ts";

/** The classes of a status, in the order in which they are stacked. */
export const statusClasses = [
  { key: "2xx", label: "Served (2xx)", color: 1 },
  { key: "4xx", label: "Refused (4xx)", color: 3 },
  { key: "5xx", label: "Failed (5xx)", color: 4 },
] as const;

/** Calls by status class in every bucket, empty ones too. `grouped` is by status, `whole` names the buckets. */
export function statusPoints(whole: UsageView, grouped: UsageView): ChartPoint[] {
  const byBucket = new Map<string, Record<string, number>>();
  for (const row of grouped.series) {
    const values = byBucket.get(row.bucket) ?? {};
    const key = `${Math.floor((row.group?.status ?? 200) / 100)}xx`;
    values[key] = (values[key] ?? 0) + row.requests;
    byBucket.set(row.bucket, values);
  }
  return whole.series.map(({ bucket }) => ({
    atMs: Date.parse(bucket),
    values: { "2xx": 0, "4xx": 0, "5xx": 0, ...byBucket.get(bucket) },
  }));
}

/** Percentiles over time; no calls are a gap, not a zero. */
export function latencyPoints({ series }: UsageView): ChartPoint[] {
  return series.map(({ bucket, durationMs }) => ({
    atMs: Date.parse(bucket),
    values: { p50: durationMs.p50, p95: durationMs.p95, p99: durationMs.p99 },
  }));
}

/** One figure over time, with that of the period before in the same places. */
export function figurePoints(
  now: UsageView,
  before: UsageView | undefined,
  read: (figures: UsageFigures) => number,
): ChartPoint[] {
  return now.series.map((row, place) => {
    const previous = before?.series[place];
    return {
      atMs: Date.parse(row.bucket),
      values: { now: read(row), ...(previous ? { before: read(previous) } : {}) },
    };
  });
}

/** Calls by status for the list of errors: what did not end with 2xx, most first. */
export function errorRows(grouped: UsageView): { status: number; requests: number }[] {
  return grouped.groups
    .flatMap(({ group, requests }) => (group.status === undefined ? [] : [{ status: group.status, requests }]))
    .filter(({ status }) => status >= 400)
    .sort((a, b) => b.requests - a.requests);
}

const statusMeanings: Record<number, string> = {
  400: "Invalid request",
  401: "Unknown key",
  403: "Not allowed",
  404: "Unknown model",
  405: "Wrong method",
  410: "Version retired",
  413: "Too large",
  429: "Rate limited",
  499: "Caller went away",
  500: "Interrupted",
  502: "Upstream failed",
  503: "Unavailable",
  504: "Upstream too slow",
};

/** A status in words. */
export function statusWords(status: number): string {
  return statusMeanings[status] ?? "Status";
}
