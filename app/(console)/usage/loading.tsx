import { TableSkeleton } from "#components/data-table/table-skeleton.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { usageColumns } from "#components/usage/usage-columns.tsx";
import { UsageTotals } from "#components/usage/usage-totals.tsx";

/** The page to come. */
export default function UsageLoading() {
  return (
    <div role="status" aria-busy aria-label="Loading usage and cost">
      <PageHeader
        title="Usage & cost"
        description="Who used what, and what it cost. Prices are those in force when each call was made."
        actions={<Skeleton className="h-8 w-36" />}
      />
      <UsageTotals totals={undefined} before={undefined} />
      <Skeleton className="mb-3 h-8 w-80 max-w-full" />
      <Card className="mb-4 h-80 p-4">
        <Skeleton className="h-full w-full" />
      </Card>
      <Card className="overflow-hidden">
        <TableSkeleton
          label="Usage"
          columns={usageColumns("consumer").filter((column) => !column.isHiddenAtFirst)}
          rows={8}
        />
      </Card>
    </div>
  );
}
