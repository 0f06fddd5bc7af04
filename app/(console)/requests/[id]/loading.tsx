import { Card } from "#components/ui/card.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

const cards = ["stages", "cost", "caller", "route"];

/** The call to come. */
export default function RequestLoading() {
  return (
    <div role="status" aria-busy aria-label="Loading the request">
      <div className="mb-5">
        <Skeleton className="mb-1.5 h-3.5 w-16" />
        <Skeleton className="h-6 w-96 max-w-full" />
      </div>
      <Card className="mb-4 px-4 py-3">
        <Skeleton className="mb-2 w-40" />
        <Skeleton className="h-5 w-2/3" />
      </Card>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card className="h-48 p-4 lg:col-span-2">
          <Skeleton className="mb-4 w-40" />
          <Skeleton className="mb-3 h-4 w-full" />
          <Skeleton className="h-4 w-3/4" />
        </Card>
        {cards.map((name) => (
          <Card key={name} className="h-64 p-4">
            <Skeleton className="mb-4 w-32" />
            <Skeleton className="mb-2 w-3/4" />
            <Skeleton className="w-1/2" />
          </Card>
        ))}
      </div>
    </div>
  );
}
