import type { Tx } from "../../db/client.ts";
import { GRAINS, type Grain, type OwnedEvent, sumToRollups } from "./rollup-rows.ts";
import { seriesIdsOf } from "./series.ts";
import { storableJson } from "./storable-json.ts";

/**
 * Adds new events to the minute, hour and day sums: one statement, rows in one order, so that concurrent writers wait
 * for each other and never in a circle.
 */
export async function addToRollups(
  tx: Tx,
  events: readonly OwnedEvent[],
  nodeId: string,
  grains: readonly Grain[] = GRAINS,
): Promise<void> {
  if (events.length === 0) return;
  const seriesIds = await seriesIdsOf(tx, events, nodeId);
  const rows = sumToRollups(events, nodeId, grains).map((row) => ({
    ...row,
    seriesId: seriesIds.get(row.seriesKey),
    latencyBins: arrayText(row.latencyBins),
    firstByteBins: arrayText(row.firstByteBins),
  }));
  await tx.$executeRaw`
    INSERT INTO usage_rollup AS present (grain, bucket, series_id, team_id, requests, errors, input_tokens,
      cached_input_tokens, output_tokens, reasoning_tokens, cost_nanos, unpriced_requests, duration_ms_sum,
      first_byte_ms_sum, first_byte_count, latency_bins, first_byte_bins)
    SELECT added.grain, added.bucket, series.id, series.team_id, added.requests, added.errors, added."inputTokens",
      added."cachedInputTokens", added."outputTokens", added."reasoningTokens", added."costNanos",
      added."unpricedRequests", added."durationMsSum", added."firstByteMsSum", added."firstByteCount",
      added."latencyBins"::bigint[], added."firstByteBins"::bigint[]
    FROM json_to_recordset(${storableJson(rows)}::json) AS added(
      grain text, bucket timestamptz, "seriesId" bigint, requests bigint, errors bigint, "inputTokens" bigint,
      "cachedInputTokens" bigint, "outputTokens" bigint, "reasoningTokens" bigint, "costNanos" bigint,
      "unpricedRequests" bigint, "durationMsSum" bigint, "firstByteMsSum" bigint, "firstByteCount" bigint,
      "latencyBins" text, "firstByteBins" text)
    JOIN usage_series series ON series.id = added."seriesId"
    ORDER BY added.grain, added.bucket, series.id
    ON CONFLICT (grain, bucket, series_id) DO UPDATE SET
      requests = present.requests + excluded.requests,
      errors = present.errors + excluded.errors,
      input_tokens = present.input_tokens + excluded.input_tokens,
      cached_input_tokens = present.cached_input_tokens + excluded.cached_input_tokens,
      output_tokens = present.output_tokens + excluded.output_tokens,
      reasoning_tokens = present.reasoning_tokens + excluded.reasoning_tokens,
      cost_nanos = present.cost_nanos + excluded.cost_nanos,
      unpriced_requests = present.unpriced_requests + excluded.unpriced_requests,
      duration_ms_sum = present.duration_ms_sum + excluded.duration_ms_sum,
      first_byte_ms_sum = present.first_byte_ms_sum + excluded.first_byte_ms_sum,
      first_byte_count = present.first_byte_count + excluded.first_byte_count,
      latency_bins = (SELECT array_agg(a + b ORDER BY place)
        FROM unnest(present.latency_bins, excluded.latency_bins) WITH ORDINALITY AS both_bins(a, b, place)),
      first_byte_bins = (SELECT array_agg(a + b ORDER BY place)
        FROM unnest(present.first_byte_bins, excluded.first_byte_bins) WITH ORDINALITY AS both_bins(a, b, place))`;
}

/** An array as PostgreSQL writes it: carried through a record much faster than a JSON array. */
const arrayText = (values: readonly number[]) => `{${values.join(",")}}`;
