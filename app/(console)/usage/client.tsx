"use client";
import { ChartColumn } from "lucide-react";
import { useQueryStates } from "nuqs";
import { useMemo } from "react";
import { TimeSeriesChart } from "#components/charts/time-series-chart.tsx";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import type { ResolvedRange } from "#components/date-range/date-range.ts";
import { DateRangePicker } from "#components/date-range/date-range-picker.tsx";
import { useDateRange } from "#components/date-range/use-date-range.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { ActiveFilters } from "#components/requests/active-filters.tsx";
import { AddFilter } from "#components/requests/add-filter.tsx";
import { useRequestFilters } from "#components/requests/use-request-filters.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { SegmentedControl } from "#components/ui/segmented-control.tsx";
import { Select } from "#components/ui/select.tsx";
import { sortedRows, type UsageRow, usageColumns } from "#components/usage/usage-columns.tsx";
import { groupsMax, usageChoiceParsers, usageMetrics, usageSplits } from "#components/usage/usage-parsers.ts";
import { splitSeries } from "#components/usage/usage-points.ts";
import { UsageTotals } from "#components/usage/usage-totals.tsx";
import { intervalsOf, metricWords, splitWords } from "#components/usage/usage-words.ts";
import { useViewer } from "#components/viewer/viewer.tsx";
import { usageFilterKeys, useUsage } from "#lib/query/usage.ts";

const byCost = { columnId: "cost", isDescending: true };
const intervalWords = { minute: "Minutes", hour: "Hours", day: "Days" } as const;

/** What was used and what it cost, split by one dimension. */
export function UsageClient({ firstRange }: { firstRange: ResolvedRange }) {
  const { permissions } = useViewer();
  const range = useDateRange("7d");
  const state = useTableState({ defaultSort: byCost });
  const filters = useRequestFilters(state.goFirst);
  const [choice, setChoice] = useQueryStates(usageChoiceParsers);
  const { by, metric } = choice;
  // Until the browser has told its time, the range is the one that the server has read for.
  const resolved = range.resolved ?? firstRange;
  const intervals = intervalsOf(resolved);
  const interval = intervals.find((each) => each === choice.interval) ?? resolved.interval;
  const asked = { fromMs: resolved.fromMs, toMs: resolved.toMs, interval, filters: filters.filters };
  const usage = useUsage({ ...asked, groupBy: by, limit: groupsMax });
  const previous = range.isCompared ? { ...asked, ...resolved.previous } : null;
  const before = useUsage(previous);
  const { data } = usage;
  const rows = useMemo(() => data && sortedRows(data, state.sort), [data, state.sort]);
  const chart = useMemo(() => data && splitSeries(data, by, metric), [data, by, metric]);
  const failure = data ? null : queryErrorState(usage);
  const words = splitWords[by];
  const splits = usageSplits.filter((split) => {
    const { permission } = splitWords[split];
    return permission === undefined || permissions.includes(permission);
  });
  const narrow = (key: string) => {
    const group = data?.groups.find((row) => row.group.key === key)?.group;
    const value = group ? words.value(group) : null;
    if (words.filter !== null && value !== null) filters.add(words.filter, value);
  };
  return (
    <>
      <PageHeader
        title="Usage & cost"
        description="Who used what, and what it cost. Prices are those in force when each call was made."
        actions={<DateRangePicker state={range} />}
      />
      <UsageTotals totals={data?.totals} before={previous === null ? undefined : before.data?.totals} />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Select
          aria-label="Split by"
          className="w-40"
          options={splits.map((split) => ({
            value: split,
            label: `By ${splitWords[split].label.replace(/^(?!API)./, (first) => first.toLowerCase())}`,
          }))}
          value={by}
          onValueChange={(split) => void setChoice({ by: split })}
        />
        <Select
          aria-label="Show"
          className="w-36"
          options={usageMetrics.map((each) => ({ value: each, label: metricWords[each].label }))}
          value={metric}
          onValueChange={(each) => void setChoice({ metric: each })}
        />
        {intervals.length > 1 ? (
          <SegmentedControl
            label="Interval"
            segments={intervals.map((each) => ({ value: each, label: intervalWords[each] }))}
            value={interval}
            onValueChange={(each) => void setChoice({ interval: each })}
          />
        ) : null}
        <AddFilter keys={usageFilterKeys} onAdd={filters.add} />
        <ActiveFilters state={filters} keys={usageFilterKeys} />
      </div>
      <div className="mb-4">
        <TimeSeriesChart
          title={`${metricWords[metric].label} by ${words.label}`}
          kind={metricWords[metric].isStacked ? "bar" : "line"}
          series={chart?.series ?? []}
          points={chart?.points}
          format={metricWords[metric].format}
          heightPx={260}
          error={failure}
          onZoom={range.setFixed}
          {...(words.filter === null ? {} : { onSelectSeries: narrow })}
        />
      </div>
      <DataTable
        label={`Usage by ${words.label}`}
        columns={usageColumns(by)}
        rows={rows}
        rowKey={(row) => row.group.key}
        state={state}
        nextCursor={null}
        isRefreshing={usage.isPlaceholderData}
        error={failure}
        isFiltered={filters.isFiltered}
        onClearFilters={filters.clear}
        {...(words.filter === null ? {} : { onRowOpen: (row: UsageRow) => narrow(row.group.key) })}
        empty={
          <EmptyState icon={ChartColumn} title="No usage in this range">
            Tokens and cost of each call are added up here by the minute. Choose a longer range, or make a first call.
          </EmptyState>
        }
      />
    </>
  );
}
