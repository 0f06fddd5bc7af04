import type { ChartPoint, ChartSeries } from "#components/charts/chart-series.ts";
import { SeriesSign } from "#components/charts/series-sign.tsx";
import { pointLabel } from "#components/charts/time-ticks.ts";

/** What lies under the pointer: the interval, and every series' value in it. */
export function PlotTooltip({
  isActive,
  atMs,
  stepMs,
  points,
  series,
  format,
}: {
  isActive: boolean;
  atMs: number | null;
  stepMs: number;
  points: readonly ChartPoint[];
  series: readonly ChartSeries[];
  format: (value: number) => string;
}) {
  const point = isActive ? points.find((candidate) => candidate.atMs === atMs) : undefined;
  if (!point) return null;
  return (
    <div className="min-w-36 rounded-lg bg-raised px-3 py-2 text-xs shadow-pop">
      <p className="num mb-1 text-muted">{pointLabel(point.atMs, stepMs)}</p>
      <ul className="flex flex-col gap-0.5">
        {series.map((entry, index) => {
          const value = point.values[entry.key];
          return (
            <li key={entry.key} className="flex items-center gap-2">
              <SeriesSign series={entry} index={index} />
              <span className="max-w-48 truncate">{entry.label}</span>
              <span className="num ml-auto pl-3 font-medium">
                {value === null || value === undefined ? "–" : format(value)}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
