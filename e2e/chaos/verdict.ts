/** What every case answers: how often it tried, how often the promise was broken, and the figures. */
export interface Verdict {
  case: string;
  n: number;
  violations: number;
  figures: Record<string, number | string>;
}

/** The value below which `share` of the values lie (nearest rank). */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
