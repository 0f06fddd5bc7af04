import { Prisma } from "#prisma/generated/client.ts";
import { requirePermission } from "../authorize.ts";
import type { Actor } from "../context.ts";
import type { TrafficFilters } from "./schemas.ts";

/**
 * The filters as SQL over columns of the same names in `usage_series` or `usage_event` (aliased `calls`). What the
 * actor may not read of another noun they may not filter by either: 403.
 */
export function filterSql(actor: Actor, filters: TrafficFilters): Prisma.Sql {
  if (filters.upstreamId) requirePermission(actor, "upstream.read");
  if (filters.nodeId) requirePermission(actor, "node.read");
  const conditions = [
    anyOf(Prisma.sql`calls.team_id`, filters.teamId),
    anyOf(Prisma.sql`calls.consumer_id`, filters.consumerId),
    anyOf(Prisma.sql`calls.api_key_id`, filters.apiKeyId),
    anyOf(Prisma.sql`calls.route`, filters.route),
    anyOf(Prisma.sql`calls.upstream_id`, filters.upstreamId),
    anyOf(Prisma.sql`calls.model`, filters.model),
    anyOf(Prisma.sql`calls.node_id`, filters.nodeId),
    anyOf(Prisma.sql`calls.cache`, filters.cache),
    statusSql(filters.status),
  ];
  return Prisma.join([Prisma.sql`true`, ...conditions.filter((condition) => condition !== undefined)], " AND ");
}

/** `column = any of the values`, or nothing when the filter was not given. */
export function anyOf(column: Prisma.Sql, values: readonly string[] | undefined): Prisma.Sql | undefined {
  return values === undefined ? undefined : Prisma.sql`${column} = ANY (${[...values]}::text[])`;
}

function statusSql(statuses: readonly string[] | undefined): Prisma.Sql | undefined {
  if (statuses === undefined) return undefined;
  const classes = statuses.filter((status) => status.endsWith("xx")).map((status) => Number(status[0]));
  const codes = statuses.filter((status) => !status.endsWith("xx")).map(Number);
  return Prisma.sql`(calls.status = ANY (${codes}::int[]) OR calls.status / 100 = ANY (${classes}::int[]))`;
}
