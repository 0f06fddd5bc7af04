"use client";
import type { ChartSeries } from "#components/charts/chart-series.ts";
import { TimeSeriesChart } from "#components/charts/time-series-chart.tsx";
import { formatDuration } from "#components/format/duration.ts";
import { formatMoney } from "#components/format/money.ts";
import { formatNumber } from "#components/format/number.ts";
import type { ErrorStateProps } from "#components/ui/error-state.tsx";
import type { UsageView } from "#lib/domain/usage/schemas.ts";
import { figurePoints, latencyPoints, statusClasses, statusPoints } from "./usage-points.ts";

const percentiles: readonly ChartSeries[] = [
  { key: "p50", label: "p50", color: 2 },
  { key: "p95", label: "p95", color: 1 },
  { key: "p99", label: "p99", color: 4 },
];
const money = (value: number) => formatMoney(value.toFixed(9));

/** Calls, latency and cost over the range. A drag zooms all three; a click leads to the calls. */
export function OverviewCharts({
  whole,
  byStatus,
  before,
  failure,
  onZoom,
  onSelectCalls,
}: {
  whole: UsageView | undefined;
  byStatus: UsageView | undefined;
  before: UsageView | undefined;
  failure: ErrorStateProps | null;
  onZoom: (fromMs: number, toMs: number) => void;
  onSelectCalls: ((filter: { status?: string; fromMs?: number; toMs?: number }) => void) | undefined;
}) {
  const isEmpty = whole?.totals.requests === 0;
  const select = onSelectCalls
    ? {
        onSelectPoint: (fromMs: number, toMs: number) => onSelectCalls({ fromMs, toMs }),
      }
    : {};
  const costSeries: ChartSeries[] = [
    { key: "now", label: "This period", color: 1 },
    ...(before ? [{ key: "before", label: "Period before", color: "rest" as const }] : []),
  ];
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <div className="xl:col-span-2">
        <TimeSeriesChart
          title="Requests by status"
          kind="bar"
          series={statusClasses}
          points={isEmpty ? [] : whole && byStatus ? statusPoints(whole, byStatus) : undefined}
          format={formatNumber}
          heightPx={230}
          error={failure}
          onZoom={onZoom}
          {...select}
          {...(onSelectCalls ? { onSelectSeries: (status: string) => onSelectCalls({ status }) } : {})}
        />
      </div>
      <TimeSeriesChart
        title="Latency"
        kind="line"
        series={percentiles}
        points={isEmpty ? [] : whole && latencyPoints(whole)}
        format={formatDuration}
        error={failure}
        onZoom={onZoom}
        {...select}
      />
      <TimeSeriesChart
        title="Cost"
        kind={before ? "line" : "bar"}
        series={costSeries}
        points={isEmpty ? [] : whole && figurePoints(whole, before, ({ cost }) => Number(cost))}
        format={money}
        error={failure}
        onZoom={onZoom}
        {...select}
      />
    </div>
  );
}
