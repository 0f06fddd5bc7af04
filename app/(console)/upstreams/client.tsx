"use client";
import { Plus, Server } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { RowAction } from "#components/data-table/column.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { DeleteUpstream } from "#components/upstreams/delete-upstream.tsx";
import { upstreamColumns } from "#components/upstreams/upstream-columns.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { UpstreamView } from "#lib/domain/upstream/schemas.ts";
import { useUpstreams } from "#lib/query/upstreams.ts";

/** The list of upstreams. */
export function UpstreamsClient() {
  const router = useRouter();
  const mayWrite = useMay("upstream.write");
  const state = useTableState();
  const query = useUpstreams({ q: state.search, cursor: state.cursor });
  const [doomed, setDoomed] = useState<UpstreamView | null>(null);
  const actions = (upstream: UpstreamView): RowAction[] => [
    { label: "Edit", onSelect: () => router.push(`/upstreams/${upstream.id}?edit=true`) },
    { label: "Delete…", isDestructive: true, onSelect: () => setDoomed(upstream) },
  ];
  return (
    <>
      <PageHeader
        title="Upstreams"
        description="Where calls go: providers with their address and credentials."
        actions={mayWrite ? <NewUpstreamLink /> : null}
      />
      <DataTable
        label="Upstreams"
        columns={upstreamColumns}
        rows={query.data?.data}
        rowKey={(upstream) => upstream.id}
        state={state}
        nextCursor={query.data?.nextCursor ?? null}
        isRefreshing={query.isPlaceholderData}
        error={query.data ? null : queryErrorState(query)}
        searchLabel="Search upstreams"
        onRowOpen={(upstream) => router.push(`/upstreams/${upstream.id}`)}
        {...(mayWrite ? { rowActions: actions } : {})}
        empty={
          <EmptyState icon={Server} title="No upstreams yet" action={mayWrite ? <NewUpstreamLink /> : null}>
            An upstream is a provider, or a server of your own, that answers the calls of a route.
          </EmptyState>
        }
      />
      <DeleteUpstream upstream={doomed} onClose={() => setDoomed(null)} />
    </>
  );
}

function NewUpstreamLink() {
  return (
    <Link href="/upstreams/new" prefetch={false} className={buttonClasses({ variant: "primary" })}>
      <Plus aria-hidden />
      New upstream
    </Link>
  );
}
