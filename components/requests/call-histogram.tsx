"use client";
import { Histogram, type HistogramBucket } from "#components/charts/histogram.tsx";
import { pointLabel } from "#components/charts/time-ticks.ts";
import { formatNumber } from "#components/format/number.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { UsageView } from "#lib/domain/usage/schemas.ts";

const columnsMax = 96;
const stepMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** How many calls when, above their table; a click zooms into one column. */
export function CallHistogram({
  query,
  onZoom,
}: {
  query: { data: UsageView | undefined; error: unknown; isFetching: boolean; refetch: () => unknown };
  onZoom: (fromMs: number, toMs: number) => void;
}) {
  const failure = query.data ? null : queryErrorState(query);
  // The server does not know the viewer's zone: both say UTC until the page has hydrated.
  const zone = useNow() === null ? "UTC" : undefined;
  const columns = query.data ? columnsOf(query.data, zone) : undefined;
  const select = (bucket: HistogramBucket) => {
    const column = columns?.find(({ key }) => key === bucket.key);
    if (column) onZoom(column.fromMs, column.toMs);
  };
  return (
    <Card className="mb-3 px-3 pt-3 pb-2">
      {failure ? (
        <p role="alert" className="flex h-21 items-center justify-center gap-3 text-muted text-sm">
          The histogram did not load.
          <Button size="sm" onClick={failure.onRetry}>
            Try again
          </Button>
        </p>
      ) : (
        <Histogram
          label="Calls over time"
          buckets={columns}
          format={(value) => `${formatNumber(value)} ${value === 1 ? "call" : "calls"}`}
          onSelect={select}
        />
      )}
    </Card>
  );
}

/** At most as many columns as can be told apart: neighbours are added up. */
function columnsOf({ series, interval }: UsageView, zone: string | undefined) {
  const step = stepMs[interval];
  const perColumn = Math.max(1, Math.ceil(series.length / columnsMax));
  return Array.from({ length: Math.ceil(series.length / perColumn) }, (_, place) => {
    const part = series.slice(place * perColumn, (place + 1) * perColumn);
    const fromMs = Date.parse(part[0]?.bucket ?? "");
    return {
      key: String(fromMs),
      label: pointLabel(fromMs, step, zone),
      value: part.reduce((sum, row) => sum + row.requests, 0),
      failed: part.reduce((sum, row) => sum + row.errors, 0),
      fromMs,
      toMs: fromMs + part.length * step,
    };
  });
}
