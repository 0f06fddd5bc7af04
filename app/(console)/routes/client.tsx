"use client";
import { Plus, Route } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { RowAction } from "#components/data-table/column.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { DeleteRoute } from "#components/routes/delete-route.tsx";
import { routeColumns } from "#components/routes/route-columns.tsx";
import { TemplatesLink } from "#components/templates/templates-link.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RouteView } from "#lib/domain/route/schemas.ts";
import { useRoutes } from "#lib/query/routes.ts";

/** The list of routes. */
export function RoutesClient() {
  const router = useRouter();
  const mayWrite = useMay("route.write");
  const state = useTableState();
  const query = useRoutes({ q: state.search, cursor: state.cursor });
  const [doomed, setDoomed] = useState<RouteView | null>(null);
  const open = (route: RouteView) => router.push(`/routes/${route.id}`);
  const actions = (route: RouteView): RowAction[] => [
    { label: "Edit", onSelect: () => router.push(`/routes/${route.id}?edit=true`) },
    { label: "Delete…", isDestructive: true, onSelect: () => setDoomed(route) },
  ];
  return (
    <>
      <PageHeader
        title="Routes"
        description="The models that callers may name, and who answers them."
        actions={mayWrite ? <NewRouteLink /> : null}
      />
      <DataTable
        label="Routes"
        columns={routeColumns}
        rows={query.data?.data}
        rowKey={(route) => route.id}
        state={state}
        nextCursor={query.data?.nextCursor ?? null}
        isRefreshing={query.isPlaceholderData}
        error={query.data ? null : queryErrorState(query)}
        searchLabel="Search routes"
        onRowOpen={open}
        {...(mayWrite ? { rowActions: actions } : {})}
        empty={
          <EmptyState
            icon={Route}
            title="No routes yet"
            action={
              mayWrite ? (
                <div className="flex flex-wrap justify-center gap-2">
                  <NewRouteLink />
                  <TemplatesLink />
                </div>
              ) : null
            }
          >
            A route is what callers write as “model”: it sends their calls to one or several targets.
          </EmptyState>
        }
      />
      <DeleteRoute route={doomed} onClose={() => setDoomed(null)} />
    </>
  );
}

function NewRouteLink() {
  return (
    <Link href="/routes/new" prefetch={false} className={buttonClasses({ variant: "primary" })}>
      <Plus aria-hidden />
      New route
    </Link>
  );
}
