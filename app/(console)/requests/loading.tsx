import { TableSkeleton } from "#components/data-table/table-skeleton.tsx";
import { requestColumns } from "#components/requests/request-columns.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The explorer to come. */
export default function RequestsLoading() {
  return (
    <>
      <PageHeader
        title="Requests"
        description="Every call, newest first: who made it, what policy decided, and what it cost."
        actions={<Skeleton className="h-8 w-44" />}
      />
      <Card className="mb-3 px-3 pt-3 pb-2">
        <Skeleton className="h-21 w-full" />
      </Card>
      <Skeleton className="mb-2 h-8 w-72" />
      <Card className="overflow-hidden">
        <TableSkeleton
          label="Requests"
          columns={requestColumns.filter((column) => !column.isHiddenAtFirst)}
          rows={14}
        />
      </Card>
    </>
  );
}
