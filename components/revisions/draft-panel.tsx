"use client";
import { GitCommitHorizontal, Undo2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { ApprovalPanel } from "#components/draft/approval-panel.tsx";
import { ChangeTools } from "#components/draft/change-tools.tsx";
import { ScheduledBanner } from "#components/draft/scheduled-banner.tsx";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { ChangeList } from "#components/revisions/change-list.tsx";
import { DiscardDraft } from "#components/revisions/discard-draft.tsx";
import { DraftProblems } from "#components/revisions/draft-problems.tsx";
import { needsOnlyReason } from "#components/revisions/needs-only-reason.ts";
import { useUpstreamNames } from "#components/revisions/use-upstream-names.ts";
import { SimulationPanel } from "#components/simulation/simulation-panel.tsx";
import { Button } from "#components/ui/button.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { DraftView } from "#lib/domain/draft/schemas.ts";
import { useDraft } from "#lib/query/draft.ts";
import { liveEveryMs } from "#lib/query/live.ts";

const PublishDialog = dynamic(
  () => import("#components/revisions/publish-dialog.tsx").then((module) => module.PublishDialog),
  { ssr: false },
);

/**
 * What waits to be published, what stands in its way, and the two things that can be done with it. `first` is the draft
 * as the server read it: the top bar asks for the draft before this page's own data are in the cache.
 */
export function DraftPanel({ first }: { first: DraftView | null }) {
  const query = useDraft({ refetchInterval: liveEveryMs });
  const draft = query.data ?? first;
  const error = draft ? null : queryErrorState(query);
  if (error) {
    return (
      <TitledCard title="Draft">
        <ErrorState {...error} />
      </TitledCard>
    );
  }
  if (!draft) {
    return (
      <TitledCard title="Draft">
        <Skeleton className="h-24" />
      </TitledCard>
    );
  }
  return <LoadedDraft draft={draft} />;
}

function LoadedDraft({ draft }: { draft: DraftView }) {
  const [open, setOpen] = useState<"publish" | "discard" | null>(null);
  const mayPublish = useMay("revision.publish");
  const mayDiscard = useMay("draft.discard");
  const upstreams = useUpstreamNames(draft.changes);
  const isEmpty = draft.changes.length === 0;
  const isUnapproved = draft.approval.required && draft.approval.latest?.state !== "approved";
  const hasEdits = useMemo(
    () => draft.changes.some((change) => change.resource !== "price" || change.lastEdit !== null),
    [draft.changes],
  );
  const base = draft.base === 0 ? "Nothing is published yet." : `Compared with the active revision ${draft.base}.`;
  return (
    <TitledCard
      title="Draft"
      description={base}
      actions={
        <>
          {mayDiscard && hasEdits ? (
            <Button onClick={() => setOpen("discard")}>
              <Undo2 aria-hidden />
              Discard
            </Button>
          ) : null}
          {mayPublish && !isEmpty ? (
            <Button
              variant="primary"
              disabled={(!draft.valid && !needsOnlyReason(draft)) || isUnapproved}
              onClick={() => setOpen("publish")}
            >
              <GitCommitHorizontal aria-hidden />
              Publish
            </Button>
          ) : null}
        </>
      }
    >
      <ScheduledBanner scheduled={draft.scheduled} />
      <ApprovalPanel draft={draft} />
      <DraftProblems problems={draft.problems} />
      {isEmpty ? (
        <EmptyState icon={GitCommitHorizontal} title="Nothing to publish">
          Plans, upstreams and routes are edited in the draft. What differs from the nodes shows here.
        </EmptyState>
      ) : (
        <ChangeList
          changes={draft.changes}
          upstreams={upstreams}
          isLinked
          tools={(change) => <ChangeTools change={change} etag={draft.etag} />}
        />
      )}
      {isEmpty ? null : (
        <section aria-label="Simulation" className="mt-4 border-line border-t pt-4">
          <SimulationPanel key={draft.etag} />
        </section>
      )}
      <DiscardDraft draft={draft} isOpen={open === "discard"} onClose={() => setOpen(null)} />
      {open === "publish" ? <PublishDialog draft={draft} upstreams={upstreams} onClose={() => setOpen(null)} /> : null}
    </TitledCard>
  );
}
