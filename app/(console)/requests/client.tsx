"use client";
import { FileClock } from "lucide-react";
import { useRouter } from "next/navigation";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import type { ResolvedRange } from "#components/date-range/date-range.ts";
import { DateRangePicker } from "#components/date-range/date-range-picker.tsx";
import { useDateRange } from "#components/date-range/use-date-range.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { ActiveFilters } from "#components/requests/active-filters.tsx";
import { AddFilter } from "#components/requests/add-filter.tsx";
import { CallHistogram } from "#components/requests/call-histogram.tsx";
import { requestColumns } from "#components/requests/request-columns.tsx";
import { liveState, useLive } from "#components/requests/use-live.ts";
import { useRequestFilters } from "#components/requests/use-request-filters.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LiveMark } from "#components/ui/live-mark.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useNow } from "#components/ui/use-now.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import { requestFilterKeys, useRequests } from "#lib/query/requests.ts";
import { useUsage } from "#lib/query/usage.ts";

/** The call explorer. */
export function RequestsClient({ firstRange }: { firstRange: ResolvedRange }) {
  const router = useRouter();
  const maySum = useMay("usage.read");
  const range = useDateRange("24h");
  const state = useTableState();
  const filters = useRequestFilters(state.goFirst);
  const isAtTail = range.range.kind === "preset" && state.cursor === null;
  const live = useLive(isAtTail);
  const nowMs = useNow();
  // Until the browser has told its time, the range is the one that the server has read for.
  const resolved = range.resolved ?? firstRange;
  const asked = {
    fromMs: resolved.fromMs,
    toMs: resolved.toMs,
    q: state.search.trim(),
    cursor: state.cursor,
    filters: filters.filters,
  };
  const calls = useRequests(asked, live.everyMs);
  const sums = useUsage(
    maySum
      ? { fromMs: resolved.fromMs, toMs: resolved.toMs, interval: resolved.interval, filters: filters.filters }
      : null,
    live.everyMs,
  );
  const zoom = (fromMs: number, toMs: number) => {
    state.goFirst();
    range.setFixed(fromMs, toMs);
  };
  return (
    <>
      <PageHeader
        title="Requests"
        description="Every call, newest first: who made it, what policy decided, and what it cost."
        actions={
          <>
            {isAtTail ? <LiveMark state={liveState(live.isLive, calls, nowMs ?? 0)} onToggle={live.toggle} /> : null}
            <DateRangePicker state={range} isComparable={false} />
          </>
        }
      />
      {maySum ? <CallHistogram query={sums} onZoom={zoom} /> : null}
      <DataTable
        label="Requests"
        columns={requestColumns}
        rows={calls.data?.data}
        rowKey={(call) => call.id}
        state={state}
        nextCursor={calls.data?.nextCursor ?? null}
        isRefreshing={calls.isPlaceholderData}
        error={calls.data ? null : queryErrorState(calls)}
        searchLabel="Find by request id"
        filters={<AddFilter keys={requestFilterKeys} onAdd={filters.add} />}
        chips={<ActiveFilters state={filters} keys={requestFilterKeys} />}
        isFiltered={filters.isFiltered}
        onClearFilters={filters.clear}
        onRowOpen={(call) => router.push(`/requests/${call.id}`)}
        skeletonRows={14}
        empty={
          <EmptyState
            icon={FileClock}
            title="No calls in this range"
            code={
              'curl $GATEWAY/v1/chat/completions -H "authorization: Bearer $KEY" -H "content-type: application/json" -d \'{"model":"demo","messages":[{"role":"user","content":"Hello"}]}\''
            }
          >
            Each call to a node shows here within seconds of its end. Choose a longer range, or make one.
          </EmptyState>
        }
      />
    </>
  );
}
