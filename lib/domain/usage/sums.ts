import { formatMoney } from "../../contract/money.ts";
import { emptyBins, mergeBins, percentile } from "./latency-bins.ts";
import type { UsageFigures } from "./schemas.ts";

/** Sums over rollup rows as the database gives them. Sums are text, because they may pass 2⁶³. */
export interface SumRow {
  requests: string;
  errors: string;
  input_tokens: string;
  cached_input_tokens: string;
  output_tokens: string;
  reasoning_tokens: string;
  cost_nanos: string;
  unpriced_requests: string;
  cache_hits: string;
  duration_ms_sum: string;
  first_byte_ms_sum: string;
  first_byte_count: string;
  latency_bins: number[];
  first_byte_bins: number[];
}

/** Sums that can be added up. Counts are numbers: exact to 2⁵³. */
export interface Sums {
  requests: number;
  errors: number;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  costNanos: bigint;
  unpricedRequests: number;
  cacheHits: number;
  durationMsSum: number;
  firstByteMsSum: number;
  firstByteCount: number;
  latencyBins: number[];
  firstByteBins: number[];
}

/** The sums of no calls. */
export function noSums(): Sums {
  return {
    requests: 0,
    errors: 0,
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    costNanos: 0n,
    unpricedRequests: 0,
    cacheHits: 0,
    durationMsSum: 0,
    firstByteMsSum: 0,
    firstByteCount: 0,
    latencyBins: emptyBins(),
    firstByteBins: emptyBins(),
  };
}

/** Reads a row of sums. */
export function sumsOf(row: SumRow): Sums {
  return {
    requests: Number(row.requests),
    errors: Number(row.errors),
    inputTokens: Number(row.input_tokens),
    cachedInputTokens: Number(row.cached_input_tokens),
    outputTokens: Number(row.output_tokens),
    reasoningTokens: Number(row.reasoning_tokens),
    costNanos: BigInt(row.cost_nanos),
    unpricedRequests: Number(row.unpriced_requests),
    cacheHits: Number(row.cache_hits),
    durationMsSum: Number(row.duration_ms_sum),
    firstByteMsSum: Number(row.first_byte_ms_sum),
    firstByteCount: Number(row.first_byte_count),
    latencyBins: row.latency_bins.map(Number),
    firstByteBins: row.first_byte_bins.map(Number),
  };
}

/** Both sums together. */
export function addSums(left: Sums, right: Sums): Sums {
  return {
    requests: left.requests + right.requests,
    errors: left.errors + right.errors,
    inputTokens: left.inputTokens + right.inputTokens,
    cachedInputTokens: left.cachedInputTokens + right.cachedInputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    reasoningTokens: left.reasoningTokens + right.reasoningTokens,
    costNanos: left.costNanos + right.costNanos,
    unpricedRequests: left.unpricedRequests + right.unpricedRequests,
    cacheHits: left.cacheHits + right.cacheHits,
    durationMsSum: left.durationMsSum + right.durationMsSum,
    firstByteMsSum: left.firstByteMsSum + right.firstByteMsSum,
    firstByteCount: left.firstByteCount + right.firstByteCount,
    latencyBins: mergeBins(left.latencyBins, right.latencyBins),
    firstByteBins: mergeBins(left.firstByteBins, right.firstByteBins),
  };
}

/** Sums as the answer shows them. */
export function figuresOf(sums: Sums): UsageFigures {
  return {
    requests: sums.requests,
    errors: sums.errors,
    inputTokens: sums.inputTokens,
    cachedInputTokens: sums.cachedInputTokens,
    outputTokens: sums.outputTokens,
    reasoningTokens: sums.reasoningTokens,
    cost: formatMoney(sums.costNanos),
    unpricedRequests: sums.unpricedRequests,
    cacheHits: sums.cacheHits,
    durationMs: latency(sums.latencyBins, sums.durationMsSum, sums.requests),
    firstByteMs: latency(sums.firstByteBins, sums.firstByteMsSum, sums.firstByteCount),
  };
}

function latency(bins: number[], sumMs: number, count: number) {
  const avg = count === 0 ? null : Math.round((sumMs / count) * 10) / 10;
  return { p50: percentile(bins, 0.5), p95: percentile(bins, 0.95), p99: percentile(bins, 0.99), avg };
}
