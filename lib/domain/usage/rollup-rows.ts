import type { UsageEvent } from "../../contract/usage-event.ts";
import { binOf, emptyBins } from "./latency-bins.ts";

export const GRAINS = ["minute", "hour", "day"] as const;
export type Grain = (typeof GRAINS)[number];

/** An event with the team that the database says it belongs to, not the one the node says. "" stands for none. */
export type OwnedEvent = Omit<UsageEvent, "teamId"> & { teamId: string };

/** The dimensions that rollups keep. "" stands for none. */
export interface SeriesDimensions {
  teamId: string;
  consumerId: string;
  apiKeyId: string;
  route: string;
  routeVersion: string;
  upstreamId: string;
  provider: string;
  model: string;
  nodeId: string;
  status: number;
  cache: string;
}

/** What is added to one row of the rollups. Counts that may pass 2⁵³ over time are bigint. */
export interface RollupRow {
  grain: Grain;
  bucket: string;
  seriesKey: string;
  requests: number;
  errors: number;
  inputTokens: bigint;
  cachedInputTokens: bigint;
  outputTokens: bigint;
  reasoningTokens: bigint;
  costNanos: bigint;
  unpricedRequests: number;
  durationMsSum: bigint;
  firstByteMsSum: bigint;
  firstByteCount: number;
  latencyBins: number[];
  firstByteBins: number[];
}

/** Names longer than any we issue are cut, so that a row always fits its index. */
const DIMENSION_LENGTH_MAX = 200;
const cut = (text: string | null) => (text ?? "").slice(0, DIMENSION_LENGTH_MAX);

/** The dimensions under which an event is summed. */
export function dimensionsOf(event: OwnedEvent, nodeId: string): SeriesDimensions {
  return {
    teamId: event.teamId,
    consumerId: event.consumerId ?? "",
    apiKeyId: event.apiKeyId ?? "",
    route: cut(event.route),
    routeVersion: cut(event.routeVersion),
    upstreamId: event.upstreamId ?? "",
    provider: cut(event.provider),
    model: cut(event.model),
    nodeId,
    status: event.status,
    cache: event.cache,
  };
}

/** A text that is equal exactly when all dimensions are, and sorts all writers' series the same way. */
export function seriesKey(dimensions: SeriesDimensions): string {
  return JSON.stringify([
    dimensions.teamId,
    dimensions.consumerId,
    dimensions.apiKeyId,
    dimensions.route,
    dimensions.routeVersion,
    dimensions.upstreamId,
    dimensions.provider,
    dimensions.model,
    dimensions.nodeId,
    dimensions.status,
    dimensions.cache,
  ]);
}

/** The start (ISO-8601, UTC) of the bucket that a time lies in. */
export function bucketStart(grain: Grain, at: Date): string {
  const start = new Date(at);
  if (grain === "minute") start.setUTCSeconds(0, 0);
  else if (grain === "hour") start.setUTCMinutes(0, 0, 0);
  else start.setUTCHours(0, 0, 0, 0);
  return start.toISOString();
}

/**
 * A call that did not end well: denied by policy, failed, or interrupted. A caller who went away is no error.
 */
export function isError(event: Pick<UsageEvent, "outcome">): boolean {
  return event.outcome !== "ok" && event.outcome !== "cancelled";
}

/** Something was generated and nobody knows what it cost. */
function isUnpriced(event: OwnedEvent): boolean {
  return event.costNanos === null && event.usage.source !== "none";
}

/** Sums events to one row per grain, bucket and series. */
export function sumToRollups(
  events: readonly OwnedEvent[],
  nodeId: string,
  grains: readonly Grain[] = GRAINS,
): RollupRow[] {
  const rows = new Map<string, RollupRow>();
  for (const event of events) {
    const key = seriesKey(dimensionsOf(event, nodeId));
    const startedAt = new Date(event.startedAt);
    for (const grain of grains) {
      const bucket = bucketStart(grain, startedAt);
      const id = `${grain} ${bucket} ${key}`;
      let row = rows.get(id);
      if (!row) {
        row = emptyRow(grain, bucket, key);
        rows.set(id, row);
      }
      addEvent(row, event);
    }
  }
  return [...rows.values()];
}

function emptyRow(grain: Grain, bucket: string, key: string): RollupRow {
  return {
    grain,
    bucket,
    seriesKey: key,
    requests: 0,
    errors: 0,
    inputTokens: 0n,
    cachedInputTokens: 0n,
    outputTokens: 0n,
    reasoningTokens: 0n,
    costNanos: 0n,
    unpricedRequests: 0,
    durationMsSum: 0n,
    firstByteMsSum: 0n,
    firstByteCount: 0,
    latencyBins: emptyBins(),
    firstByteBins: emptyBins(),
  };
}

function addEvent(row: RollupRow, event: OwnedEvent): void {
  row.requests += 1;
  if (isError(event)) row.errors += 1;
  row.inputTokens += BigInt(event.usage.inputTokens);
  row.cachedInputTokens += BigInt(event.usage.cachedInputTokens);
  row.outputTokens += BigInt(event.usage.outputTokens);
  row.reasoningTokens += BigInt(event.usage.reasoningTokens);
  row.costNanos += BigInt(event.costNanos ?? 0);
  if (isUnpriced(event)) row.unpricedRequests += 1;
  row.durationMsSum += BigInt(Math.round(event.durationMs));
  addToBin(row.latencyBins, event.durationMs);
  if (event.firstByteMs === null) return;
  row.firstByteCount += 1;
  row.firstByteMsSum += BigInt(Math.round(event.firstByteMs));
  addToBin(row.firstByteBins, event.firstByteMs);
}

function addToBin(bins: number[], durationMs: number): void {
  const index = binOf(durationMs);
  bins[index] = (bins[index] ?? 0) + 1;
}
