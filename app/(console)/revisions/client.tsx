"use client";
import { PublishRules } from "#components/draft/publish-rules.tsx";
import { DraftPanel } from "#components/revisions/draft-panel.tsx";
import { HistoryTable } from "#components/revisions/history-table.tsx";
import { RolloutPanel } from "#components/revisions/rollout-panel.tsx";
import { CurrentRollout } from "#components/rollouts/current-rollout.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { DraftView } from "#lib/domain/draft/schemas.ts";

/** What waits, what runs where, and what was. */
export function RevisionsClient({ draft }: { draft: DraftView | null }) {
  const mayReadNodes = useMay("node.read");
  return (
    <>
      <PageHeader
        title="Draft and revisions"
        description="Plans, upstreams and routes are edited in one draft. Publishing makes it a revision that every node runs."
      />
      <div className="flex flex-col gap-4">
        <DraftPanel first={draft} />
        <CurrentRollout />
        {mayReadNodes ? <RolloutPanel /> : null}
        <HistoryTable />
        <PublishRules />
      </div>
    </>
  );
}
