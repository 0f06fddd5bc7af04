"use client";
import type { ChartPoint, ChartSeries } from "#components/charts/chart-series.ts";
import { pointLabel, stepOf } from "#components/charts/time-ticks.ts";
import { ScrollRegion } from "#components/ui/scroll-region.tsx";

/** A chart's figures, newest first. */
export function TimeSeriesTable({
  title,
  series,
  points,
  format,
  heightPx,
}: {
  title: string;
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
  format: (value: number) => string;
  heightPx: number;
}) {
  const stepMs = stepOf(points.map((point) => point.atMs));
  return (
    <ScrollRegion label={`${title}, table`} style={{ height: heightPx }}>
      <table className="w-full border-collapse text-xs">
        <thead className="sticky top-0 bg-surface text-muted">
          <tr>
            <th scope="col" className="px-2 py-1.5 text-left font-medium">
              Time
            </th>
            {series.map((entry) => (
              <th key={entry.key} scope="col" className="px-2 py-1.5 text-right font-medium">
                {entry.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="num">
          {points.toReversed().map((point) => (
            <tr key={point.atMs} className="border-line border-t">
              <th scope="row" className="whitespace-nowrap px-2 py-1 text-left font-normal text-muted">
                {pointLabel(point.atMs, stepMs)}
              </th>
              {series.map((entry) => {
                const value = point.values[entry.key];
                return (
                  <td key={entry.key} className="px-2 py-1 text-right">
                    {value === null || value === undefined ? "–" : format(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
