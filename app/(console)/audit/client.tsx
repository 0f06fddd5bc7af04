"use client";
import { ScrollText } from "lucide-react";
import { parseAsString, useQueryState, useQueryStates } from "nuqs";
import { auditColumns } from "#components/audit/audit-columns.tsx";
import { AuditEntrySheet } from "#components/audit/audit-entry-sheet.tsx";
import { AuditFilterChips, AuditFilterControls } from "#components/audit/audit-filters.tsx";
import { VerifyChain } from "#components/audit/verify-chain.tsx";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import type { ResolvedRange } from "#components/date-range/date-range.ts";
import { DateRangePicker } from "#components/date-range/date-range-picker.tsx";
import { useDateRange } from "#components/date-range/use-date-range.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import { type AuditFilterKey, auditFilterKeys, useAudit } from "#lib/query/audit.ts";
import { auditFilterParsers } from "./search-params.ts";

/** Who did what. */
export function AuditClient({ firstRange }: { firstRange: ResolvedRange }) {
  const mayVerify = useMay("audit.verify");
  const range = useDateRange("7d");
  const state = useTableState();
  const [filters, setFilters] = useQueryStates(auditFilterParsers, { history: "push" });
  const [entry, setEntry] = useQueryState("entry", parseAsString.withOptions({ history: "push" }));
  // Until the browser has told its time, the range is the one that the server has read for.
  const resolved = range.resolved ?? firstRange;
  const asked = {
    fromMs: resolved.fromMs,
    toMs: resolved.toMs,
    q: state.search.trim(),
    cursor: state.cursor,
    filters,
  };
  const query = useAudit(asked);
  const set = (key: AuditFilterKey, values: readonly string[]) => {
    state.goFirst();
    void setFilters({ [key]: values.length === 0 ? null : [...values] });
  };
  const clear = () => {
    state.goFirst();
    void setFilters(null);
  };
  const actorName = (id: string) => query.data?.data.find(({ actor }) => actor.id === id)?.actor.name ?? undefined;
  return (
    <>
      <PageHeader
        title="Audit"
        description="Who did what, when and from where. Entries are never changed, and a chain of hashes proves it."
        actions={
          <>
            {mayVerify ? <VerifyChain /> : null}
            <DateRangePicker state={range} isComparable={false} />
          </>
        }
      />
      <DataTable
        label="Audit"
        columns={auditColumns}
        rows={query.data?.data}
        rowKey={(row) => row.id}
        state={state}
        nextCursor={query.data?.nextCursor ?? null}
        isRefreshing={query.isPlaceholderData}
        error={query.data ? null : queryErrorState(query)}
        searchLabel="Search names and ids"
        filters={<AuditFilterControls filters={filters} onSet={set} />}
        chips={<AuditFilterChips filters={filters} actorName={actorName} onSet={set} onClear={clear} />}
        isFiltered={auditFilterKeys.some((key) => filters[key].length > 0)}
        onClearFilters={clear}
        onRowOpen={(row) => void setEntry(row.id)}
        skeletonRows={14}
        empty={
          <EmptyState icon={ScrollText} title="Nothing was done in this range">
            Every act of a person, token or node is written down here in the moment it takes effect. Choose a longer
            range.
          </EmptyState>
        }
      />
      <AuditEntrySheet id={entry} onClose={() => void setEntry(null)} />
    </>
  );
}
