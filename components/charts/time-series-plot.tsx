"use client";
import { useState } from "react";
import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { type ChartKind, type ChartPoint, type ChartSeries, seriesStyle } from "#components/charts/chart-series.ts";
import { FillPatterns, patternFill } from "#components/charts/fill-patterns.tsx";
import { PlotTooltip } from "#components/charts/plot-tooltip.tsx";
import { stepOf, tickLabel, timeTicks } from "#components/charts/time-ticks.ts";

export type TimeSeriesPlotProps = {
  title: string;
  kind: ChartKind;
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
  format: (value: number) => string;
  heightPx: number;
  /** Dragged over a span of two intervals or more. */
  onZoom?: (fromMs: number, toMs: number) => void;
  /** Clicked on one interval. */
  onSelectPoint?: (atMs: number, untilMs: number) => void;
};

type Drag = { fromMs: number; toMs: number };

const ticksMax = 6;
const axisText = { fill: "var(--faint)", fontSize: 11 };

/** The drawing itself; heavy, so it is loaded on demand by `TimeSeriesChart`. */
export default function TimeSeriesPlot({
  title,
  kind,
  series,
  points,
  format,
  heightPx,
  onZoom,
  onSelectPoint,
}: TimeSeriesPlotProps) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const times = points.map((point) => point.atMs);
  const stepMs = stepOf(times);
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const offsetMs = -new Date(times[0] ?? 0).getTimezoneOffset() * 60_000;
  const finish = () => {
    if (!drag) return;
    const fromMs = Math.min(drag.fromMs, drag.toMs);
    const toMs = Math.max(drag.fromMs, drag.toMs) + stepMs;
    setDrag(null);
    if (drag.fromMs === drag.toMs) onSelectPoint?.(fromMs, toMs);
    else onZoom?.(fromMs, toMs);
  };
  const isDraggable = onZoom !== undefined || onSelectPoint !== undefined;
  return (
    <ResponsiveContainer width="100%" height={heightPx} initialDimension={{ width: 600, height: heightPx }}>
      <ComposedChart
        title={title}
        data={[...points]}
        margin={{ top: 6, right: kind === "bar" ? 4 : 18, bottom: 0, left: 0 }}
        barCategoryGap={points.length > 60 ? 1 : "18%"}
        className={isDraggable ? "cursor-crosshair select-none" : "select-none"}
        onMouseDown={(state) => {
          const atMs = timeOf(state.activeLabel);
          if (isDraggable && atMs !== null) setDrag({ fromMs: atMs, toMs: atMs });
        }}
        onMouseMove={(state) => {
          const atMs = timeOf(state.activeLabel);
          if (drag && onZoom && atMs !== null && atMs !== drag.toMs) setDrag({ ...drag, toMs: atMs });
        }}
        onMouseUp={finish}
        onMouseLeave={() => setDrag(null)}
      >
        <FillPatterns series={series} />
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="atMs"
          ticks={timeTicks(times, ticksMax, offsetMs)}
          tickFormatter={(atMs: number) => tickLabel(atMs, spanMs)}
          interval={0}
          tick={axisText}
          tickLine={false}
          axisLine={{ stroke: "var(--line-strong)" }}
          tickMargin={6}
          height={22}
        />
        <YAxis
          tickFormatter={format}
          tick={axisText}
          tickLine={false}
          axisLine={false}
          width={58}
          tickCount={4}
          domain={[0, "auto"]}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={kind === "bar" ? { fill: "var(--hover)" } : { stroke: "var(--line-strong)" }}
          content={({ active, label }) => (
            <PlotTooltip
              isActive={active}
              atMs={timeOf(label)}
              stepMs={stepMs}
              points={points}
              series={series}
              format={format}
            />
          )}
        />
        {series.map((entry, index) => drawSeries(kind, entry, index))}
        {drag && drag.fromMs !== drag.toMs ? (
          <ReferenceArea
            x1={Math.min(drag.fromMs, drag.toMs)}
            x2={Math.max(drag.fromMs, drag.toMs)}
            fill="var(--accent)"
            fillOpacity={0.16}
          />
        ) : null}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function drawSeries(kind: ChartKind, series: ChartSeries, index: number) {
  const { color, dash } = seriesStyle(series, index);
  const shared = {
    dataKey: (point: ChartPoint) => point.values[series.key] ?? null,
    name: series.label,
    isAnimationActive: false,
  };
  if (kind === "bar") return <Bar key={series.key} {...shared} stackId="all" fill={patternFill(series, index)} />;
  const line = {
    stroke: color,
    strokeWidth: 1.75,
    strokeDasharray: dash,
    type: "linear" as const,
    dot: false,
    activeDot: { r: 3 },
  };
  if (kind === "area") {
    return (
      <Area key={series.key} {...shared} {...line} stackId="all" fill={patternFill(series, index)} fillOpacity={0.55} />
    );
  }
  return <Line key={series.key} {...shared} {...line} />;
}

function timeOf(label: unknown): number | null {
  const atMs = typeof label === "string" ? Number(label) : label;
  return typeof atMs === "number" && Number.isFinite(atMs) ? atMs : null;
}
