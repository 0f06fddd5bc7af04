import type { Tx } from "../../db/client.ts";
import { dimensionsOf, type OwnedEvent, type SeriesDimensions, seriesKey } from "./rollup-rows.ts";
import { storableJson } from "./storable-json.ts";

/**
 * The numbers of the series that events belong to, by `seriesKey`. Makes those that are new, in one order, so that
 * writers who make the same ones wait for each other and never in a circle.
 */
export async function seriesIdsOf(
  tx: Tx,
  events: readonly OwnedEvent[],
  nodeId: string,
): Promise<ReadonlyMap<string, bigint>> {
  const wanted = new Map<string, SeriesDimensions>();
  for (const event of events) {
    const dimensions = dimensionsOf(event, nodeId);
    wanted.set(seriesKey(dimensions), dimensions);
  }
  const found = await readSeries(tx, wanted);
  const missing = new Map([...wanted].filter(([key]) => !found.has(key)));
  if (missing.size === 0) return found;
  await insertSeries(tx, missing);
  // Another writer may have made some of them: a new statement sees what has been committed since.
  return new Map([...found, ...(await readSeries(tx, missing))]);
}

const rowsOf = (wanted: ReadonlyMap<string, SeriesDimensions>) =>
  storableJson([...wanted].map(([key, dimensions]) => ({ key, ...dimensions })));

async function readSeries(tx: Tx, wanted: ReadonlyMap<string, SeriesDimensions>): Promise<Map<string, bigint>> {
  const rows = await tx.$queryRaw<{ key: string; id: bigint }[]>`
    SELECT wanted.key, series.id
    FROM json_to_recordset(${rowsOf(wanted)}::json) AS wanted(
      key text, "teamId" text, "consumerId" text, "apiKeyId" text, route text, "routeVersion" text, "upstreamId" text,
      provider text, model text, "nodeId" text, status int, cache text)
    JOIN usage_series series ON series.team_id = wanted."teamId" AND series.consumer_id = wanted."consumerId"
      AND series.api_key_id = wanted."apiKeyId" AND series.route = wanted.route
      AND series.route_version = wanted."routeVersion" AND series.upstream_id = wanted."upstreamId"
      AND series.provider = wanted.provider AND series.model = wanted.model AND series.node_id = wanted."nodeId"
      AND series.status = wanted.status AND series.cache = wanted.cache`;
  return new Map(rows.map((row) => [row.key, row.id]));
}

async function insertSeries(tx: Tx, missing: ReadonlyMap<string, SeriesDimensions>): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO usage_series (team_id, consumer_id, api_key_id, route, route_version, upstream_id, provider, model,
      node_id, status, cache)
    SELECT "teamId", "consumerId", "apiKeyId", route, "routeVersion", "upstreamId", provider, model, "nodeId", status,
      cache
    FROM json_to_recordset(${rowsOf(missing)}::json) AS series(
      key text, "teamId" text, "consumerId" text, "apiKeyId" text, route text, "routeVersion" text, "upstreamId" text,
      provider text, model text, "nodeId" text, status int, cache text)
    ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ON CONFLICT DO NOTHING`;
}
