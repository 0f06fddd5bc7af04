"use client";
import { Plus, Ticket } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { RowAction } from "#components/data-table/column.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useTableState } from "#components/data-table/use-table-state.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { DeletePlan } from "#components/plans/delete-plan.tsx";
import { planColumns } from "#components/plans/plan-columns.tsx";
import { TemplatesLink } from "#components/templates/templates-link.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { PlanView } from "#lib/domain/plan/schemas.ts";
import { usePlans } from "#lib/query/plans.ts";

/** The list of plans. */
export function PlansClient() {
  const router = useRouter();
  const mayWrite = useMay("plan.write");
  const state = useTableState();
  const query = usePlans({ q: state.search, cursor: state.cursor });
  const [doomed, setDoomed] = useState<PlanView | null>(null);
  const open = (plan: PlanView) => router.push(`/plans/${plan.id}`);
  const actions = (plan: PlanView): RowAction[] => [
    { label: "Edit", onSelect: () => router.push(`/plans/${plan.id}?edit=true`) },
    { label: "Delete…", isDestructive: true, onSelect: () => setDoomed(plan) },
  ];
  return (
    <>
      <PageHeader
        title="Plans"
        description="How often and what consumers may call. A consumer is on one plan."
        actions={mayWrite ? <NewPlanLink /> : null}
      />
      <DataTable
        label="Plans"
        columns={planColumns}
        rows={query.data?.data}
        rowKey={(plan) => plan.id}
        state={state}
        nextCursor={query.data?.nextCursor ?? null}
        isRefreshing={query.isPlaceholderData}
        error={query.data ? null : queryErrorState(query)}
        searchLabel="Search plans"
        onRowOpen={open}
        {...(mayWrite ? { rowActions: actions } : {})}
        empty={
          <EmptyState
            icon={Ticket}
            title="No plans yet"
            action={
              mayWrite ? (
                <div className="flex flex-wrap justify-center gap-2">
                  <NewPlanLink />
                  <TemplatesLink />
                </div>
              ) : null
            }
            code={`curl -X POST $TURNPIKE/api/v1/plans -H "authorization: Bearer $TPM" -d '{"name":"standard","rateLimits":[{"metric":"requests","limit":60,"windowSeconds":60}]}'`}
          >
            A plan says which routes a consumer may call and how often.
          </EmptyState>
        }
      />
      <DeletePlan plan={doomed} onClose={() => setDoomed(null)} />
    </>
  );
}

function NewPlanLink() {
  return (
    <Link href="/plans/new" prefetch={false} className={buttonClasses({ variant: "primary" })}>
      <Plus aria-hidden />
      New plan
    </Link>
  );
}
