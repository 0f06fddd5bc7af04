import { TableSkeleton } from "#components/data-table/table-skeleton.tsx";
import { planColumns } from "#components/plans/plan-columns.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The list to come. */
export default function PlansLoading() {
  return (
    <>
      <PageHeader
        title="Plans"
        description="How often and what consumers may call. A consumer is on one plan."
        actions={<Skeleton className="h-8 w-26" />}
      />
      <Skeleton className="mb-2 h-8 w-72" />
      <Card className="overflow-hidden">
        <TableSkeleton label="Plans" columns={planColumns} rows={8} />
      </Card>
    </>
  );
}
