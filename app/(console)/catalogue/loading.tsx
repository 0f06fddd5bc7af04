import { catalogueColumns } from "#components/catalogue/catalogue-columns.tsx";
import { TableSkeleton } from "#components/data-table/table-skeleton.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The catalogue to come. */
export default function CatalogueLoading() {
  return (
    <>
      <PageHeader
        title="Catalogue"
        description="The models that providers have, and what a call costs. Context windows and modalities are for people: nothing is enforced from them."
      />
      <Skeleton className="mb-2 h-8 w-72" />
      <Card className="overflow-hidden">
        <TableSkeleton label="Models" columns={catalogueColumns} rows={12} />
      </Card>
    </>
  );
}
