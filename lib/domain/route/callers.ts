import { z } from "zod";
import type { Tx } from "../../db/client.ts";
import { requirePermission } from "../authorize.ts";
import { readNames } from "../usage/index.ts";
import { query } from "../verb.ts";
import { CallersView } from "./schemas.ts";
import { loadVersion, VersionInput } from "./versions.ts";

const DAY_MS = 86_400_000;
const CALLERS_MAX = 1_000;

interface CallerRow {
  consumer_id: string;
  team_id: string;
  calls: bigint;
  refused: bigint;
  last_at: Date;
  actions: string[];
  parameters: string[];
}

/**
 * Who called a version in the last days, whose calls it refused, and what for: whom a deprecation or retirement hits.
 * Whole days in UTC, today included. 404.
 */
export const listCallers = query({
  name: "routeVersion.callers",
  permission: "route.read",
  input: VersionInput.extend({ days: z.coerce.number<string | number>().int().min(1).max(90).default(7) }),
  output: CallersView,
  async run(ctx, { id, version, days }) {
    requirePermission(ctx.actor, "usage.read");
    const { route } = await loadVersion(ctx.tx, id, version);
    const from = new Date(ctx.now().getTime() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
    const rows = await readCallers(ctx.tx, route.name, version, from);
    const names = await readNames(ctx.tx, {
      consumers: rows.map((row) => row.consumer_id),
      teams: rows.map((row) => row.team_id),
    });
    const data = rows.map((row) => ({
      consumer: names.consumer(row.consumer_id),
      team: row.team_id === "" ? null : names.team(row.team_id),
      calls: Number(row.calls),
      refused: Number(row.refused),
      lastCallAt: row.last_at.toISOString(),
      actions: row.actions,
      parameters: row.parameters,
    }));
    return { from: `${from}T00:00:00.000Z`, days, data };
  },
});

function readCallers(tx: Tx, route: string, version: string, from: string): Promise<CallerRow[]> {
  return tx.$queryRaw<CallerRow[]>`
    SELECT consumer_id, max(team_id) AS team_id, sum(calls)::bigint AS calls, sum(refused)::bigint AS refused,
      max(last_at) AS last_at, array_agg(DISTINCT action) AS actions,
      ARRAY(SELECT DISTINCT used.name FROM route_use other, unnest(other.parameters) AS used(name)
        WHERE other.route = ${route} AND other.route_version = ${version} AND other.day >= ${from}::date
          AND other.consumer_id = route_use.consumer_id ORDER BY 1) AS parameters
    FROM route_use
    WHERE route = ${route} AND route_version = ${version} AND day >= ${from}::date
    GROUP BY consumer_id ORDER BY 3 DESC, 1 LIMIT ${CALLERS_MAX}`;
}
