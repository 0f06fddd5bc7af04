import { type ChartSeries, seriesStyle } from "#components/charts/chart-series.ts";

/** The bit of line that stands for a series in legends and tooltips, dashed as in the chart. */
export function SeriesSign({ series, index }: { series: ChartSeries; index: number }) {
  const { color, dash } = seriesStyle(series, index);
  return (
    <svg width={18} height={8} aria-hidden className="shrink-0">
      <path d="M0 4h18" stroke={color} strokeWidth={3} strokeDasharray={dash} />
    </svg>
  );
}
