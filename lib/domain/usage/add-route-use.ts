import { KNOWN_PARAMETERS } from "../../contract/known-parameters.ts";
import type { Tx } from "../../db/client.ts";
import type { OwnedEvent } from "./rollup-rows.ts";
import { storableJson } from "./storable-json.ts";

interface UseRow {
  day: string;
  route: string;
  routeVersion: string;
  consumerId: string;
  action: string;
  teamId: string;
  calls: number;
  refused: number;
  parameters: string[];
  lastAt: string;
}

const KNOWN: ReadonlySet<string> = new Set(KNOWN_PARAMETERS);

/** One row a day for each version, consumer and action in a batch, in the order of the table's key. */
function rowsOf(events: readonly OwnedEvent[]): UseRow[] {
  const rows = new Map<string, UseRow>();
  for (const event of events) {
    const { route, routeVersion, consumerId, action, teamId, startedAt } = event;
    if (route === null || routeVersion === null || consumerId === null) continue;
    const day = new Date(startedAt).toISOString().slice(0, 10);
    const key = [day, route, routeVersion, consumerId, action].join("\n");
    const fresh = {
      day,
      route,
      routeVersion,
      consumerId,
      action,
      teamId,
      calls: 0,
      refused: 0,
      parameters: [],
      lastAt: startedAt,
    };
    const row: UseRow = rows.get(key) ?? fresh;
    row.calls += 1;
    if (event.outcome === "denied") row.refused += 1;
    if (row.lastAt < startedAt) row.lastAt = startedAt;
    for (const name of event.parameters ?? []) {
      if (KNOWN.has(name) && !row.parameters.includes(name)) row.parameters.push(name);
    }
    rows.set(key, row);
  }
  return [...rows.keys()].toSorted().flatMap((key) => rows.get(key) ?? []);
}

/** Adds new events to the record of who calls which version how: one statement, rows in one order. */
export async function addRouteUse(tx: Tx, events: readonly OwnedEvent[]): Promise<void> {
  const rows = rowsOf(events);
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO route_use AS present
      (day, route, route_version, consumer_id, action, team_id, calls, refused, parameters, last_at)
    SELECT day, route, "routeVersion", "consumerId", action, "teamId", calls, refused,
      ARRAY(SELECT json_array_elements_text(parameters)), "lastAt"
    FROM json_to_recordset(${storableJson(rows)}::json) AS added(
      day date, route text, "routeVersion" text, "consumerId" text, action text, "teamId" text, calls bigint,
      refused bigint, parameters json, "lastAt" timestamptz)
    ORDER BY day, route, "routeVersion", "consumerId", action
    ON CONFLICT (day, route, route_version, consumer_id, action) DO UPDATE SET
      calls = present.calls + excluded.calls,
      refused = present.refused + excluded.refused,
      parameters = ARRAY(SELECT DISTINCT unnest(present.parameters || excluded.parameters) ORDER BY 1),
      last_at = greatest(present.last_at, excluded.last_at)`;
}
