"use client";
import { useRouter } from "next/navigation";
import type { ResolvedRange } from "#components/date-range/date-range.ts";
import { DateRangePicker } from "#components/date-range/date-range-picker.tsx";
import { type DateRangeState, useDateRange } from "#components/date-range/use-date-range.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { LiveNodes } from "#components/overview/live-nodes.tsx";
import { NoCalls } from "#components/overview/no-calls.tsx";
import { OverviewCharts } from "#components/overview/overview-charts.tsx";
import { OverviewFigures } from "#components/overview/overview-figures.tsx";
import { TopLists } from "#components/overview/top-lists.tsx";
import { liveState, useLive } from "#components/requests/use-live.ts";
import { LiveMark } from "#components/ui/live-mark.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useNow } from "#components/ui/use-now.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import { useUsage } from "#lib/query/usage.ts";
import { overviewDescription, statusGroups } from "./asked.ts";

/** What is going on: figures, charts and rankings of a range, moving by themselves. */
export function OverviewClient({ firstRange }: { firstRange: ResolvedRange }) {
  const router = useRouter();
  const mayReadNodes = useMay("node.read");
  const mayReadRequests = useMay("request.read");
  const mayIssueKeys = useMay("apiKey.write");
  const range = useDateRange("24h");
  const live = useLive(range.range.kind === "preset");
  const nowMs = useNow();
  // Until the browser has told its time, the range is the one that the server has read for.
  const resolved = range.resolved ?? firstRange;
  const asked = { fromMs: resolved.fromMs, toMs: resolved.toMs, interval: resolved.interval };
  const whole = useUsage(asked, live.everyMs);
  const byStatus = useUsage({ ...asked, ...statusGroups }, live.everyMs);
  const previous = range.isCompared ? { ...resolved.previous, interval: resolved.interval } : null;
  const before = useUsage(previous);
  const compared = previous === null ? undefined : before.data;
  const showCalls = (filter: { status?: string; fromMs?: number; toMs?: number }) =>
    router.push(`/requests${explorerQuery(range, filter)}`);
  return (
    <>
      <PageHeader
        title="Overview"
        description={overviewDescription}
        actions={
          <>
            {range.range.kind === "preset" ? (
              <LiveMark state={liveState(live.isLive, whole, nowMs ?? 0)} onToggle={live.toggle} />
            ) : null}
            <DateRangePicker state={range} />
          </>
        }
      />
      <OverviewFigures now={whole.data?.totals} before={compared?.totals}>
        {mayReadNodes ? <LiveNodes everyMs={live.everyMs} /> : null}
      </OverviewFigures>
      {whole.data?.totals.requests === 0 ? (
        <NoCalls mayIssueKeys={mayIssueKeys} />
      ) : (
        <>
          <OverviewCharts
            whole={whole.data}
            byStatus={byStatus.data}
            before={compared}
            failure={(whole.data ? null : queryErrorState(whole)) ?? (byStatus.data ? null : queryErrorState(byStatus))}
            onZoom={range.setFixed}
            onSelectCalls={mayReadRequests ? showCalls : undefined}
          />
          <TopLists
            asked={asked}
            everyMs={live.everyMs}
            byStatus={byStatus.data}
            linkTo={(filter) => (mayReadRequests ? `/requests${explorerQuery(range, filter)}` : undefined)}
          />
        </>
      )}
    </>
  );
}

/** The explorer's query for a filter, over the same range or one interval of it. */
function explorerQuery(
  { range }: DateRangeState,
  { fromMs, toMs, ...filters }: { fromMs?: number; toMs?: number } & Record<string, string | number | undefined>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value !== undefined) search.set(name, String(value));
  const fixed = fromMs !== undefined && toMs !== undefined ? { fromMs, toMs } : range.kind === "fixed" ? range : null;
  if (fixed) {
    search.set("from", String(fixed.fromMs));
    search.set("to", String(fixed.toMs));
  } else if (range.kind === "preset") search.set("range", range.preset);
  return `?${search}`;
}
