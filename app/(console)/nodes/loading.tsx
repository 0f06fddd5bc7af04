import { TableSkeleton } from "#components/data-table/table-skeleton.tsx";
import { nodeColumns } from "#components/nodes/node-columns.tsx";
import { NodeSummary } from "#components/nodes/node-summary.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

const shown = nodeColumns.filter((column) => !column.isHiddenAtFirst);

/** The nodes to come. */
export default function NodesLoading() {
  return (
    <>
      <PageHeader
        title="Nodes"
        description="Gateways that answer calls with the newest revision."
        actions={<Skeleton className="h-8 w-40" />}
      />
      <NodeSummary nodes={undefined} />
      <Skeleton className="mb-2 h-8 w-72" />
      <Card className="overflow-hidden">
        <TableSkeleton label="Nodes" columns={shown} rows={3} />
      </Card>
    </>
  );
}
