import { Prisma } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import { LATENCY_BIN_COUNT } from "./latency-bins.ts";
import type { UsageDimension } from "./schemas.ts";
import { type SumRow, type Sums, sumsOf } from "./sums.ts";
import type { BucketRange } from "./time-range.ts";

const COLUMNS: Record<UsageDimension, Prisma.Sql> = {
  team: Prisma.sql`calls.team_id`,
  consumer: Prisma.sql`calls.consumer_id`,
  apiKey: Prisma.sql`calls.api_key_id`,
  route: Prisma.sql`calls.route`,
  routeVersion: Prisma.sql`calls.route_version`,
  upstream: Prisma.sql`calls.upstream_id`,
  provider: Prisma.sql`calls.provider`,
  model: Prisma.sql`calls.model`,
  node: Prisma.sql`calls.node_id`,
  status: Prisma.sql`calls.status::text`,
  cache: Prisma.sql`calls.cache`,
};

/** The values of a group, in the order of the dimensions that were asked for. "" stands for none. */
export type GroupKey = readonly string[];

interface RollupQuery {
  range: BucketRange;
  /** From `filterSql`. */
  filters: Prisma.Sql;
}

const rowsOf = ({ range, filters }: RollupQuery) => Prisma.sql`
  FROM usage_rollup rollup JOIN usage_series calls ON calls.id = rollup.series_id
  WHERE rollup.grain = ${range.interval} AND rollup.bucket >= ${range.from} AND rollup.bucket < ${range.to}
    AND ${filters}`;

const keyOf = (dimensions: readonly UsageDimension[]) =>
  Prisma.sql`ARRAY[${Prisma.join(dimensions.map((dimension) => COLUMNS[dimension]))}]::text[]`;

/** The groups with the most requests, most first. */
export async function readTopGroups(
  tx: Tx,
  query: RollupQuery,
  dimensions: readonly UsageDimension[],
  limit: number,
): Promise<GroupKey[]> {
  const rows = await tx.$queryRaw<{ key: string[] }[]>`
    SELECT ${keyOf(dimensions)} AS key ${rowsOf(query)}
    GROUP BY 1 ORDER BY sum(rollup.requests) DESC, 1 LIMIT ${limit}`;
  return rows.map((row) => row.key);
}

/** Sums by bucket and, where groups are given, by group: its place in `top`, or null for all the others together. */
export async function readBuckets(
  tx: Tx,
  query: RollupQuery,
  dimensions: readonly UsageDimension[],
  top: readonly GroupKey[],
): Promise<{ bucket: Date; place: number | null; sums: Sums }[]> {
  const places = JSON.stringify(top.map((key, place) => ({ key, place })));
  const { place, grouping, join } =
    dimensions.length === 0
      ? { place: Prisma.sql`NULL::int`, grouping: Prisma.sql`1`, join: Prisma.empty }
      : {
          place: Prisma.sql`top.place`,
          grouping: Prisma.sql`1, 2`,
          join: Prisma.sql`LEFT JOIN json_to_recordset(${places}::json) AS top(key text[], place int)
            ON top.key = matching.key`,
        };
  const key = dimensions.length === 0 ? Prisma.sql`NULL::text[]` : keyOf(dimensions);
  const rows = await tx.$queryRaw<(SumRow & { bucket: Date; place: number | null })[]>`
    WITH matching AS (SELECT rollup.*, calls.cache, ${key} AS key ${rowsOf(query)})
    SELECT matching.bucket, ${place} AS place, ${SUMS}
    FROM matching ${join} GROUP BY ${grouping} ORDER BY ${grouping}`;
  return rows.map((row) => ({ bucket: row.bucket, place: row.place, sums: sumsOf(row) }));
}

const binSums = (column: Prisma.Sql) =>
  Prisma.sql`ARRAY[${Prisma.join(
    Array.from({ length: LATENCY_BIN_COUNT }, (_, index) => Prisma.sql`sum(${column}[${index + 1}::int])`),
  )}]::float8[]`;

const SUMS = Prisma.sql`
  sum(requests)::text AS requests, sum(errors)::text AS errors, sum(input_tokens)::text AS input_tokens,
  sum(cached_input_tokens)::text AS cached_input_tokens, sum(output_tokens)::text AS output_tokens,
  sum(reasoning_tokens)::text AS reasoning_tokens, sum(cost_nanos)::text AS cost_nanos,
  sum(unpriced_requests)::text AS unpriced_requests,
  coalesce(sum(requests) FILTER (WHERE cache = 'hit'), 0)::text AS cache_hits,
  sum(duration_ms_sum)::text AS duration_ms_sum, sum(first_byte_ms_sum)::text AS first_byte_ms_sum,
  sum(first_byte_count)::text AS first_byte_count,
  ${binSums(Prisma.sql`latency_bins`)} AS latency_bins, ${binSums(Prisma.sql`first_byte_bins`)} AS first_byte_bins`;
