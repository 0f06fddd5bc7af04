"use client";
import { useState } from "react";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { TemplateDialog } from "#components/templates/template-dialog.tsx";
import { TemplateGallery } from "#components/templates/template-gallery.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { TemplateView } from "#lib/domain/template/schemas.ts";
import { useTemplates } from "#lib/query/templates.ts";

/** The gallery of templates. */
export function TemplatesClient() {
  const mayPlans = useMay("plan.write");
  const mayRoutes = useMay("route.write");
  const query = useTemplates();
  const [chosen, setChosen] = useState<TemplateView | null>(null);
  const error = query.data ? null : queryErrorState(query);
  return (
    <>
      <PageHeader
        title="Templates"
        description="Ready policies to start from. What one makes goes into the draft, where it can be changed like anything else; nothing that is there is touched."
      />
      {error ? (
        <ErrorState {...error} />
      ) : query.data ? (
        <TemplateGallery templates={query.data.data} onChoose={mayPlans && mayRoutes ? setChosen : null} />
      ) : (
        <Card className="p-4" aria-busy>
          <SkeletonText lines={6} />
        </Card>
      )}
      {chosen ? <TemplateDialog key={chosen.name} template={chosen} onClose={() => setChosen(null)} /> : null}
    </>
  );
}
