/**
 * How nodes sort the durations of calls: bins whose edges grow by an eighth of a doubling (9 %) from 1 ms on, so that a
 * quantile read from them is off by less than 9 %. The last bin, from 14 minutes on, is open.
 */
const BINS_A_DOUBLING = 8;
export const DURATION_BINS = 160;

/** The bin of a duration in milliseconds. Hot path. */
export function durationBin(durationMs: number): number {
  if (durationMs < 1) return 0;
  return Math.min(DURATION_BINS - 1, 1 + Math.floor(BINS_A_DOUBLING * Math.log2(durationMs)));
}

/** Where a bin ends, in milliseconds, exclusive; infinite for the last one. */
export function durationBinEndMs(bin: number): number {
  return bin >= DURATION_BINS - 1 ? Number.POSITIVE_INFINITY : 2 ** (bin / BINS_A_DOUBLING);
}
