import { TableSkeleton } from "#components/data-table/table-skeleton.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { upstreamColumns } from "#components/upstreams/upstream-columns.tsx";

/** The list to come. */
export default function UpstreamsLoading() {
  return (
    <>
      <PageHeader
        title="Upstreams"
        description="Where calls go: providers with their address and credentials."
        actions={<Skeleton className="h-8 w-34" />}
      />
      <Skeleton className="mb-2 h-8 w-72" />
      <Card className="overflow-hidden">
        <TableSkeleton label="Upstreams" columns={upstreamColumns} rows={8} />
      </Card>
    </>
  );
}
