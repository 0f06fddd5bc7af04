import { requirePermission } from "../authorize.ts";
import { query } from "../verb.ts";
import { bounded } from "./bounded.ts";
import { filterSql } from "./filter-sql.ts";
import { describeGroups, OTHER_GROUP } from "./groups.ts";
import { readBuckets, readTopGroups } from "./read-rollups.ts";
import { type UsageGroup, UsageInput, UsageView } from "./schemas.ts";
import { addSums, figuresOf, noSums, type Sums } from "./sums.ts";
import { bucketRange, bucketStarts } from "./time-range.ts";

/**
 * What was used in a time range, by bucket, by group and in total. Reads the sums only, never single calls. 403 for a
 * group or filter of a noun that the caller may not read; 422 for a range with too many buckets.
 */
export const queryUsage = query({
  name: "usage.query",
  permission: "usage.read",
  input: UsageInput,
  output: UsageView,
  async run(ctx, { from, to, interval, groupBy, limit, ...filters }) {
    const dimensions = groupBy ?? [];
    if (dimensions.includes("upstream")) requirePermission(ctx.actor, "upstream.read");
    if (dimensions.includes("node")) requirePermission(ctx.actor, "node.read");
    const range = bucketRange({ from, to, interval }, dimensions.length === 0 ? 1 : limit + 1, ctx.now());
    const rollups = { range, filters: filterSql(ctx.actor, filters) };
    const { top, rows } = await bounded(ctx.tx, async () => {
      const top = dimensions.length === 0 ? [] : await readTopGroups(ctx.tx, rollups, dimensions, limit);
      return { top, rows: await readBuckets(ctx.tx, rollups, dimensions, top) };
    });
    const groups = await describeGroups(ctx.tx, dimensions, top);
    const groupAt = (place: number | null) => (place === null ? OTHER_GROUP : (groups[place] ?? OTHER_GROUP));
    const window = { from: range.from.toISOString(), to: range.to.toISOString(), interval: range.interval };
    const totals = figuresOf(rows.reduce((sums, row) => addSums(sums, row.sums), noSums()));
    if (dimensions.length === 0) {
      const series = filled(rows, bucketStarts(range, ctx.now()));
      return { ...window, series, groups: [], totals };
    }
    const series = rows.map((row) => ({
      bucket: row.bucket.toISOString(),
      group: groupAt(row.place),
      ...figuresOf(row.sums),
    }));
    return { ...window, series, groups: groupTotals(rows, groupAt), totals };
  },
});

/** Every bucket in order, those without calls too. */
function filled(rows: readonly { bucket: Date; sums: Sums }[], starts: readonly string[]) {
  const byBucket = new Map(starts.map((bucket) => [bucket, noSums()]));
  for (const row of rows) byBucket.set(row.bucket.toISOString(), row.sums);
  return [...byBucket].map(([bucket, sums]) => ({ bucket, group: null, ...figuresOf(sums) }));
}

/** One row for each group, in the order of their places, and the rest last. */
function groupTotals(
  rows: readonly { place: number | null; sums: Sums }[],
  groupAt: (place: number | null) => UsageGroup,
) {
  const totals = new Map<number | null, Sums>();
  for (const { place, sums } of rows) totals.set(place, addSums(totals.get(place) ?? noSums(), sums));
  return [...totals]
    .toSorted(([a], [b]) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY))
    .map(([place, sums]) => ({ group: groupAt(place), ...figuresOf(sums) }));
}
