/**
 * Latency histograms with fixed bins, so that percentiles can be read over any sum of rollup rows. The upper edges
 * (milliseconds, exclusive) grow by about half each: 24 bins from "under 10 ms" to "65 s and more". A percentile is
 * interpolated linearly inside its bin, so it is off by less than the bin's width (half of its value at worst).
 * The edges are stored data: changing one changes what every older row means.
 */
export const LATENCY_BIN_EDGES_MS = [
  10, 15, 22, 33, 50, 75, 110, 165, 250, 370, 550, 820, 1_200, 1_800, 2_700, 4_000, 6_000, 9_000, 13_500, 20_000,
  30_000, 45_000, 65_000,
] as const;
export const LATENCY_BIN_COUNT = LATENCY_BIN_EDGES_MS.length + 1;

/** A histogram of no calls. */
export function emptyBins(): number[] {
  return new Array<number>(LATENCY_BIN_COUNT).fill(0);
}

/** The index of the bin that a duration in milliseconds falls into. */
export function binOf(durationMs: number): number {
  const index = LATENCY_BIN_EDGES_MS.findIndex((edgeMs) => durationMs < edgeMs);
  return index === -1 ? LATENCY_BIN_COUNT - 1 : index;
}

/** The histogram of both sets of calls together. Bins beyond the shorter one count as empty. */
export function mergeBins(left: readonly number[], right: readonly number[]): number[] {
  return emptyBins().map((_, index) => (left[index] ?? 0) + (right[index] ?? 0));
}

/**
 * The duration in milliseconds that the given share of calls (0–1) stayed at or below, or null without calls. In the
 * open last bin it is that bin's lower edge: "65 s or more".
 */
export function percentile(bins: readonly number[], share: number): number | null {
  const total = bins.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const wanted = share * total;
  let below = 0;
  for (const [index, count] of bins.entries()) {
    if (count > 0 && below + count >= wanted) {
      const fromMs = index === 0 ? 0 : (LATENCY_BIN_EDGES_MS[index - 1] ?? 0);
      const toMs = LATENCY_BIN_EDGES_MS[index] ?? fromMs;
      return Math.round((fromMs + (toMs - fromMs) * ((wanted - below) / count)) * 10) / 10;
    }
    below += count;
  }
  return LATENCY_BIN_EDGES_MS[LATENCY_BIN_EDGES_MS.length - 1] ?? null;
}
