import type { Tx } from "../../db/client.ts";
import { bucketStart, type OwnedEvent } from "./rollup-rows.ts";
import { storableJson } from "./storable-json.ts";

/**
 * Inserts events in the order of their sequence and returns the sequences that were new. Those already there are
 * left as they are; one that another transaction is inserting at this moment is waited for.
 */
export async function insertEvents(
  tx: Tx,
  spool: { nodeId: string; incarnation: string },
  events: readonly OwnedEvent[],
): Promise<Set<number>> {
  const rows = storableJson(events.map(eventRow));
  const inserted = await tx.$queryRaw<{ sequence: bigint }[]>`
    INSERT INTO usage_event (
      day, node_id, incarnation, sequence, id, started_at, duration_ms, first_byte_ms, team_id, consumer_id, api_key_id,
      end_user, source_address, user_agent, action, requested_model, route, route_version, target_id, upstream_id,
      provider, model, revision, status, outcome, error_code, stream, attempts, cache, input_tokens,
      cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, usage_source, cost_nanos,
      price_version, asked, decision)
    SELECT
      day, ${spool.nodeId}, ${spool.incarnation}, sequence, id, started_at, duration_ms, first_byte_ms, team_id,
      consumer_id, api_key_id, end_user, source_address, user_agent, action, requested_model, route, route_version,
      target_id, upstream_id, provider, model, revision, status, outcome, error_code, stream, attempts, cache,
      input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, usage_source,
      cost_nanos, price_version, asked::jsonb, decision::jsonb
    FROM json_to_recordset(${rows}::json) AS event(
      day date, sequence bigint, id text, started_at timestamptz, duration_ms float8, first_byte_ms float8,
      team_id text, consumer_id text, api_key_id text, end_user text, source_address text, user_agent text,
      action text, requested_model text, route text, route_version text, target_id text, upstream_id text,
      provider text, model text, revision int, status int, outcome text, error_code text, stream boolean,
      attempts int, cache text, input_tokens bigint, cached_input_tokens bigint, cache_write_tokens bigint, output_tokens bigint,
      reasoning_tokens bigint, usage_source text, cost_nanos bigint, price_version text, asked text, decision text)
    ORDER BY sequence
    ON CONFLICT DO NOTHING
    RETURNING sequence`;
  return new Set(inserted.map((row) => Number(row.sequence)));
}

/** An event by the names of its columns. */
function eventRow(event: OwnedEvent) {
  return {
    day: bucketStart("day", new Date(event.startedAt)).slice(0, 10),
    sequence: event.sequence,
    id: event.id,
    started_at: event.startedAt,
    duration_ms: event.durationMs,
    first_byte_ms: event.firstByteMs,
    team_id: event.teamId === "" ? null : event.teamId,
    consumer_id: event.consumerId,
    api_key_id: event.apiKeyId,
    end_user: event.endUser,
    source_address: event.sourceAddress,
    user_agent: event.userAgent,
    action: event.action,
    requested_model: event.requestedModel,
    route: event.route,
    route_version: event.routeVersion,
    target_id: event.targetId,
    upstream_id: event.upstreamId,
    provider: event.provider,
    model: event.model,
    revision: event.revision,
    status: event.status,
    outcome: event.outcome,
    error_code: event.errorCode,
    stream: event.stream,
    attempts: event.attempts,
    cache: event.cache,
    input_tokens: event.usage.inputTokens,
    cached_input_tokens: event.usage.cachedInputTokens,
    cache_write_tokens: event.usage.cacheWriteTokens,
    output_tokens: event.usage.outputTokens,
    reasoning_tokens: event.usage.reasoningTokens,
    usage_source: event.usage.source,
    cost_nanos: event.costNanos,
    price_version: event.priceVersion,
    asked: event.asked === undefined ? null : storableJson({ ...event.asked, parameters: event.parameters ?? [] }),
    // As text: PostgreSQL takes ten times as long to carry nested JSON through a record.
    decision: storableJson(event.decision),
  };
}
