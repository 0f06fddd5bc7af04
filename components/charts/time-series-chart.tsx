"use client";
import { ChartLine, Table2 } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import type { ChartSeries } from "#components/charts/chart-series.ts";
import { SeriesSign } from "#components/charts/series-sign.tsx";
import type { TimeSeriesPlotProps } from "#components/charts/time-series-plot.tsx";
import { TimeSeriesTable } from "#components/charts/time-series-table.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorState, type ErrorStateProps } from "#components/ui/error-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

const TimeSeriesPlot = dynamic(() => import("#components/charts/time-series-plot.tsx"), {
  ssr: false,
  loading: () => <Skeleton className="h-full w-full" />,
});

export type TimeSeriesChartProps = Omit<TimeSeriesPlotProps, "heightPx" | "points"> & {
  /** `undefined` while the first answer is awaited. */
  points: TimeSeriesPlotProps["points"] | undefined;
  /** A headline figure beside the title. */
  summary?: ReactNode;
  heightPx?: number;
  error?: ErrorStateProps | null;
  emptyText?: string;
  /** Clicked on a series in the legend: filter the call explorer by it. */
  onSelectSeries?: (key: string) => void;
};

/**
 * Values over time as lines, stacked areas or stacked bars, with the same figures as a table behind a button.
 * Drag to zoom, click an interval or a series; the plot is loaded on demand.
 */
export function TimeSeriesChart({
  points,
  summary,
  heightPx = 200,
  error,
  emptyText = "No calls in this range.",
  onSelectSeries,
  ...plot
}: TimeSeriesChartProps) {
  const [isTable, setTable] = useState(false);
  const body = () => {
    if (error) return <ErrorState {...error} />;
    if (points === undefined) return <Skeleton className="h-full w-full" />;
    if (points.length === 0) return <p className="grid h-full place-items-center text-muted text-sm">{emptyText}</p>;
    if (isTable)
      return (
        <TimeSeriesTable
          title={plot.title}
          series={plot.series}
          points={points}
          format={plot.format}
          heightPx={heightPx}
        />
      );
    return <TimeSeriesPlot {...plot} points={points} heightPx={heightPx} />;
  };
  return (
    <Card className="flex flex-col" aria-busy={points === undefined || undefined}>
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-2">
        <h2 className="font-medium text-sm">{plot.title}</h2>
        {summary ? <span className="num text-muted text-sm">{summary}</span> : null}
        <Button
          variant="ghost"
          size="icon-sm"
          className="-mr-2 ml-auto"
          aria-label={isTable ? `Show ${plot.title} as a chart` : `Show ${plot.title} as a table`}
          title={isTable ? "Show as a chart" : "Show as a table"}
          aria-pressed={isTable}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? <ChartLine aria-hidden /> : <Table2 aria-hidden />}
        </Button>
      </header>
      <div className="px-2 pb-2" style={error ? undefined : { height: heightPx + 8 }}>
        {body()}
      </div>
      {plot.series.length > 1 ? <Legend series={plot.series} onSelectSeries={onSelectSeries} /> : null}
    </Card>
  );
}

function Legend({
  series,
  onSelectSeries,
}: {
  series: readonly ChartSeries[];
  onSelectSeries: ((key: string) => void) | undefined;
}) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 px-4 pb-3 text-muted text-xs">
      {series.map((entry, index) => (
        <li key={entry.key} className="min-w-0 max-w-full">
          {onSelectSeries ? (
            <button
              type="button"
              onClick={() => onSelectSeries(entry.key)}
              title={`Show the calls of ${entry.label}`}
              className="flex min-h-6 max-w-full items-center gap-1.5 rounded-sm hover:text-fg hover:underline"
            >
              <SeriesSign series={entry} index={index} />
              <span className="truncate">{entry.label}</span>
            </button>
          ) : (
            <span className="flex min-h-6 max-w-full items-center gap-1.5">
              <SeriesSign series={entry} index={index} />
              <span className="truncate">{entry.label}</span>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
