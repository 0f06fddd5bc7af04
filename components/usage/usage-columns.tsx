import Link from "next/link";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { cssPercent } from "#components/format/css-percent.ts";
import { Count, Duration, Money, Percent, Tokens } from "#components/ui/figures.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import type { UsageView } from "#lib/domain/usage/schemas.ts";
import type { UsageSplit } from "./usage-parsers.ts";
import { groupName, splitWords } from "./usage-words.ts";

export type UsageRow = UsageView["groups"][number] & {
  /** Of the whole cost of the range, 0 to 1. */
  costShare: number;
};
type Column = DataTableColumn<UsageRow>;

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

function duration(id: string, header: string, read: (row: UsageRow) => number | null, isHiddenAtFirst = false): Column {
  return {
    id,
    header,
    isNumeric: true,
    isSortable: true,
    isHiddenAtFirst,
    cell: (row) => {
      const value = read(row);
      return value === null ? <span className="text-faint">–</span> : <Duration durationMs={value} />;
    },
    exportValue: read,
    className: "w-24",
  };
}

const figures: readonly Column[] = [
  {
    id: "cost",
    header: "Cost",
    isNumeric: true,
    isSortable: true,
    cell: (row) => <Money amount={row.cost} />,
    exportValue: (row) => row.cost,
    className: "w-24",
  },
  {
    id: "share",
    header: "Share of cost",
    isNumeric: true,
    cell: (row) => (
      <span className="flex items-center justify-end gap-2">
        <span aria-hidden className="h-1.5 w-14 overflow-hidden rounded-full bg-hover max-lg:hidden">
          <span className="block h-full bg-accent" style={{ width: cssPercent(row.costShare) }} />
        </span>
        <Percent share={row.costShare} />
      </span>
    ),
    exportValue: (row) => row.costShare,
    className: "w-36",
  },
  {
    id: "requests",
    header: "Requests",
    isNumeric: true,
    isSortable: true,
    cell: (row) => <Count value={row.requests} />,
    exportValue: (row) => row.requests,
    className: "w-24",
  },
  {
    id: "errors",
    header: "Errors",
    isNumeric: true,
    isSortable: true,
    cell: (row) => <Percent share={share(row.errors, row.requests)} />,
    exportValue: (row) => row.errors,
    className: "w-20",
  },
  {
    id: "inputTokens",
    header: "Input",
    isNumeric: true,
    isSortable: true,
    cell: (row) => <Tokens count={row.inputTokens} />,
    exportValue: (row) => row.inputTokens,
    className: "w-28",
  },
  {
    id: "outputTokens",
    header: "Output",
    isNumeric: true,
    isSortable: true,
    cell: (row) => <Tokens count={row.outputTokens} />,
    exportValue: (row) => row.outputTokens,
    className: "w-28",
  },
  duration("p50", "p50", (row) => row.durationMs.p50, true),
  duration("p95", "p95", (row) => row.durationMs.p95),
  duration("p99", "p99", (row) => row.durationMs.p99, true),
  duration("firstByte", "First token", (row) => row.firstByteMs.p50, true),
  {
    id: "unpriced",
    header: "Without a price",
    isNumeric: true,
    isSortable: true,
    isHiddenAtFirst: true,
    cell: (row) => <Count value={row.unpricedRequests} />,
    exportValue: (row) => row.unpricedRequests,
    className: "w-28",
  },
];

const nameColumn = (split: UsageSplit): Column => ({
  id: "name",
  header: splitWords[split].label,
  phone: "title",
  cell: (row) => {
    const href = row.group.key === "other" ? null : splitWords[split].href(row.group);
    const name = groupName(split, row.group);
    if (href === null) return <Truncate text={name} />;
    return (
      <Link href={href} prefetch={false} className="hover:underline">
        <Truncate text={name} />
      </Link>
    );
  },
  exportValue: (row) => groupName(split, row.group),
});

const idColumn = (split: UsageSplit): Column => ({
  id: "id",
  header: "Id",
  isHiddenAtFirst: true,
  cell: (row) => <Truncate text={splitWords[split].value(row.group) ?? "–"} className="text-muted" />,
  exportValue: (row) => splitWords[split].value(row.group),
});

const built = new Map<UsageSplit, readonly Column[]>();

/** The columns for one split; the same list each time, as the table wants it. */
export function usageColumns(split: UsageSplit): readonly Column[] {
  const columns = built.get(split) ?? [nameColumn(split), ...figures, idColumn(split)];
  built.set(split, columns);
  return columns;
}

const sortValues: Record<string, (row: UsageRow) => number> = {
  cost: (row) => Number(row.cost),
  requests: (row) => row.requests,
  errors: (row) => share(row.errors, row.requests),
  inputTokens: (row) => row.inputTokens,
  outputTokens: (row) => row.outputTokens,
  p50: (row) => row.durationMs.p50 ?? 0,
  p95: (row) => row.durationMs.p95 ?? 0,
  p99: (row) => row.durationMs.p99 ?? 0,
  firstByte: (row) => row.firstByteMs.p50 ?? 0,
  unpriced: (row) => row.unpricedRequests,
};

/** All groups of the answer in the order asked for; what is summed as "other" stays last. */
export function sortedRows(usage: UsageView, sort: { columnId: string; isDescending: boolean } | null): UsageRow[] {
  const whole = Number(usage.totals.cost);
  const read = sortValues[sort?.columnId ?? "cost"] ?? Number;
  const sign = (sort?.isDescending ?? true) ? -1 : 1;
  return usage.groups
    .map((row) => ({ ...row, costShare: share(Number(row.cost), whole) }))
    .sort((a, b) => Number(a.group.key === "other") - Number(b.group.key === "other") || sign * (read(a) - read(b)));
}
