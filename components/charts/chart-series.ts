/** One line, area or stack of a time chart. */
export type ChartSeries = {
  key: string;
  label: string;
  /** Which of the six chart colours; by default its place in the list. `rest` is for "all others" and for the past. */
  color?: 1 | 2 | 3 | 4 | 5 | 6 | "rest";
};

/** The values of all series in one interval; a missing key is a gap, not a zero. */
export type ChartPoint = { atMs: number; values: Readonly<Record<string, number | null>> };

export type ChartKind = "line" | "area" | "bar";

/** Dash patterns by place, so that lines differ without colour. */
const dashes = ["", "6 3", "2 3", "8 3 2 3", "12 3", "1 3"] as const;

/** How a series is drawn: colour variable, dash of its line, id of its fill pattern. */
export function seriesStyle(series: ChartSeries, index: number): { color: string; dash: string; place: number } {
  const place = index % dashes.length;
  return { color: `var(--chart-${series.color ?? place + 1})`, dash: dashes[place] ?? "", place };
}
