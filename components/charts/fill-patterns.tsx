import { type ChartSeries, seriesStyle } from "#components/charts/chart-series.ts";

/** Lines laid over each fill by place, so that stacks differ without colour; the first is plain. */
const strokes = ["", "M0 6 6 0", "M0 0 6 6", "M0 3h6", "M3 0v6", "M0 0 6 6M0 6 6 0"] as const;

function patternId(series: ChartSeries, index: number): string {
  return `fill-${series.color ?? "own"}-${seriesStyle(series, index).place}`;
}

/** What a filled mark of the series is painted with. */
export function patternFill(series: ChartSeries, index: number): string {
  return `url(#${patternId(series, index)})`;
}

/** The definitions behind `patternFill`; equal ones under one id on a page are the same. */
export function FillPatterns({ series }: { series: readonly ChartSeries[] }) {
  return (
    <defs>
      {series.map((entry, index) => {
        const { color, place } = seriesStyle(entry, index);
        return (
          <pattern key={entry.key} id={patternId(entry, index)} width={6} height={6} patternUnits="userSpaceOnUse">
            <rect width={6} height={6} fill={color} />
            {strokes[place] ? (
              <path d={strokes[place]} stroke="var(--surface)" strokeWidth={1.2} opacity={0.55} />
            ) : null}
          </pattern>
        );
      })}
    </defs>
  );
}
