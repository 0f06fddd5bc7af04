import { TableSkeleton } from "#components/data-table/table-skeleton.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** A list page before its data: its real heading, the toolbar's boxes, and rows under the real column names. */
export function ListPageSkeleton({
  title,
  description,
  columns,
  hasAction = true,
}: {
  title: string;
  description: string;
  columns: readonly string[];
  hasAction?: boolean;
}) {
  return (
    <>
      <PageHeader
        title={title}
        description={description}
        actions={hasAction ? <Skeleton className="h-8 w-28 rounded-md" /> : null}
      />
      <div className="flex flex-col gap-2">
        <Skeleton className="h-8 w-72 max-w-full rounded-md" />
        <Card className="overflow-hidden">
          <TableSkeleton
            label={title}
            rows={8}
            columns={columns.map((header) => ({ id: header, header, cell: () => null }))}
          />
        </Card>
      </div>
    </>
  );
}
