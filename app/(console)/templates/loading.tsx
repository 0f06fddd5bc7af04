import { Card } from "#components/ui/card.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";

/** The gallery to come. */
export default function TemplatesLoading() {
  return (
    <>
      <PageHeader
        title="Templates"
        description="Ready policies to start from. What one makes goes into the draft, where it can be changed like anything else; nothing that is there is touched."
      />
      <Card className="p-4" aria-busy>
        <SkeletonText lines={6} />
      </Card>
    </>
  );
}
