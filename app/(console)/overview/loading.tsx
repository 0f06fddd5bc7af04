import { OverviewFigures } from "#components/overview/overview-figures.tsx";
import { Card } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { overviewDescription } from "./asked.ts";

/** The overview to come. */
export default function OverviewLoading() {
  return (
    <div role="status" aria-busy aria-label="Loading the overview">
      <PageHeader title="Overview" description={overviewDescription} actions={<Skeleton className="h-8 w-44" />} />
      <OverviewFigures now={undefined} before={undefined} />
      <div className="grid gap-4 xl:grid-cols-2">
        <Card className="h-80 p-4 xl:col-span-2">
          <Skeleton className="h-full w-full" />
        </Card>
        {["latency", "cost"].map((name) => (
          <Card key={name} className="h-72 p-4">
            <Skeleton className="h-full w-full" />
          </Card>
        ))}
      </div>
    </div>
  );
}
