"use client";
import { GitCommitHorizontal } from "lucide-react";
import { useRouter } from "next/navigation";
import { useMemo, useState } from "react";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { revisionColumns } from "#components/revisions/revision-columns.tsx";
import { RollbackDialog } from "#components/revisions/rollback-dialog.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RevisionView } from "#lib/domain/revision/schemas.ts";
import { useRevisions } from "#lib/query/revisions.ts";

/** Every revision, newest first, with the way back to it. */
export function HistoryTable() {
  const router = useRouter();
  const mayPublish = useMay("revision.publish");
  const state = useTableState();
  const query = useRevisions(state.cursor);
  const [wanted, setWanted] = useState<RevisionView | null>(null);
  const columns = useMemo(
    () => revisionColumns(mayPublish ? (revision) => <RollbackButton revision={revision} onAsk={setWanted} /> : null),
    [mayPublish],
  );
  return (
    <section aria-labelledby="history">
      <h2 id="history" className="mb-2 font-semibold text-base">
        History
      </h2>
      <DataTable
        label="Revisions"
        columns={columns}
        rows={query.data?.data}
        rowKey={(revision) => String(revision.number)}
        state={state}
        nextCursor={query.data?.nextCursor ?? null}
        isRefreshing={query.isPlaceholderData}
        error={query.data ? null : queryErrorState(query)}
        onRowOpen={(revision) => router.push(`/revisions/${revision.number}`)}
        empty={
          <EmptyState icon={GitCommitHorizontal} title="Nothing published yet">
            Each publish makes a numbered revision that can be read, compared and brought back.
          </EmptyState>
        }
      />
      <RollbackDialog revision={wanted} onClose={() => setWanted(null)} />
    </section>
  );
}

function RollbackButton({ revision, onAsk }: { revision: RevisionView; onAsk: (revision: RevisionView) => void }) {
  if (revision.active) return null;
  return (
    <Button size="sm" onClick={() => onAsk(revision)} aria-label={`Roll back to revision ${revision.number}`}>
      Roll back
    </Button>
  );
}
