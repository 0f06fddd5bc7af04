import { TableSkeleton } from "#components/data-table/table-skeleton.tsx";
import { routeColumns } from "#components/routes/route-columns.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The list to come. */
export default function RoutesLoading() {
  return (
    <>
      <PageHeader
        title="Routes"
        description="The models that callers may name, and who answers them."
        actions={<Skeleton className="h-8 w-28" />}
      />
      <Skeleton className="mb-2 h-8 w-72" />
      <Card className="overflow-hidden">
        <TableSkeleton label="Routes" columns={routeColumns} rows={8} />
      </Card>
    </>
  );
}
