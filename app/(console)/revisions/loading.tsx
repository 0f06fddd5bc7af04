import { TableSkeleton } from "#components/data-table/table-skeleton.tsx";
import { revisionColumns } from "#components/revisions/revision-columns.tsx";
import { Card, TitledCard } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The draft, the rollout and the history to come. */
export default function RevisionsLoading() {
  return (
    <>
      <PageHeader
        title="Draft and revisions"
        description="Plans, upstreams and routes are edited in one draft. Publishing makes it a revision that every node runs."
      />
      <div className="flex flex-col gap-4">
        <TitledCard title="Draft">
          <Skeleton className="h-24" />
        </TitledCard>
        <TitledCard title="Rollout">
          <Skeleton className="h-16" />
        </TitledCard>
        <section>
          <h2 className="mb-12 font-semibold text-base">History</h2>
          <Card className="overflow-hidden">
            <TableSkeleton label="Revisions" columns={revisionColumns(null)} rows={5} />
          </Card>
        </section>
      </div>
    </>
  );
}
