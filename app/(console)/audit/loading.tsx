import { auditColumns } from "#components/audit/audit-columns.tsx";
import { TableSkeleton } from "#components/data-table/table-skeleton.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The audit to come. */
export default function AuditLoading() {
  return (
    <>
      <PageHeader
        title="Audit"
        description="Who did what, when and from where. Entries are never changed, and a chain of hashes proves it."
        actions={<Skeleton className="h-8 w-72 max-w-full" />}
      />
      <Skeleton className="mb-2 h-8 w-96 max-w-full" />
      <Card className="overflow-hidden">
        <TableSkeleton label="Audit" columns={auditColumns.filter((column) => !column.isHiddenAtFirst)} rows={14} />
      </Card>
    </>
  );
}
