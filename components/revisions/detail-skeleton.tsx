import { Card } from "#components/ui/card.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The page of one thing to come: breadcrumb, heading, buttons, and its cards (name and size) in their places. */
export function DetailSkeleton({ label, cards }: { label: string; cards: Readonly<Record<string, string>> }) {
  return (
    <div role="status" aria-busy aria-label={`Loading the ${label}`}>
      <div className="mb-5 flex items-start justify-between gap-4">
        <div>
          <Skeleton className="mb-1.5 h-3.5 w-16" />
          <Skeleton className="h-6 w-48" />
        </div>
        <Skeleton className="h-8 w-32" />
      </div>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {Object.entries(cards).map(([name, size]) => (
          <Card key={name} className={`p-4 ${size}`}>
            <Skeleton className="mb-4 w-28" />
            <Skeleton className="mb-2 w-3/4" />
            <Skeleton className="w-1/2" />
          </Card>
        ))}
      </div>
    </div>
  );
}
