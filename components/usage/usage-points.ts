import type { ChartPoint, ChartSeries } from "#components/charts/chart-series.ts";
import type { UsageView } from "#lib/domain/usage/schemas.ts";
import type { UsageMetric, UsageSplit } from "./usage-parsers.ts";
import { groupName, metricWords } from "./usage-words.ts";

const drawnMax = 6;
const REST = "rest";

/** The largest groups of a metric as series, and all others together where they can be added up. */
export function splitSeries(
  usage: UsageView,
  split: UsageSplit,
  metric: UsageMetric,
): { series: ChartSeries[]; points: ChartPoint[] } {
  const { read, isStacked } = metricWords[metric];
  const ranked = usage.groups
    .filter(({ group }) => group.key !== "other")
    .toSorted((a, b) => (isStacked ? (read(b) ?? 0) - (read(a) ?? 0) : b.requests - a.requests));
  const drawn = ranked.slice(0, drawnMax);
  const keys = new Set(drawn.map(({ group }) => group.key));
  const hasRest = isStacked && usage.groups.length > drawn.length;
  const buckets = new Map<string, Record<string, number | null>>();
  for (const row of usage.series) {
    const key = row.group?.key ?? REST;
    if (!keys.has(key) && !hasRest) continue;
    const values = buckets.get(row.bucket) ?? {};
    const place = keys.has(key) ? key : REST;
    values[place] = isStacked ? (values[place] ?? 0) + (read(row) ?? 0) : read(row);
    buckets.set(row.bucket, values);
  }
  const series: ChartSeries[] = drawn.map(({ group }) => ({ key: group.key, label: groupName(split, group) }));
  if (hasRest) series.push({ key: REST, label: `All other`, color: "rest" });
  return { series, points: everyBucket(usage, buckets, isStacked ? series : []) };
}

/** Grouped answers leave empty buckets out: a stack is zero there, a line has a gap. */
function everyBucket(
  { from, to, interval }: UsageView,
  buckets: ReadonlyMap<string, Record<string, number | null>>,
  zeros: readonly ChartSeries[],
): ChartPoint[] {
  if (buckets.size === 0) return [];
  const step = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }[interval];
  const zero = Object.fromEntries(zeros.map(({ key }) => [key, 0]));
  const endMs = Math.min(Date.parse(to), Date.now());
  const points: ChartPoint[] = [];
  for (let atMs = Date.parse(from); atMs < endMs; atMs += step)
    points.push({ atMs, values: { ...zero, ...buckets.get(new Date(atMs).toISOString()) } });
  return points;
}
