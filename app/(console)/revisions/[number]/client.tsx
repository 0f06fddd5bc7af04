"use client";
import { History } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { RevisionDetail } from "#components/revisions/revision-detail.tsx";
import { RollbackDialog } from "#components/revisions/rollback-dialog.tsx";
import { RolloutCard } from "#components/rollouts/rollout-card.tsx";
import { stateWords } from "#components/rollouts/rollout-words.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import { type RevisionDetail as RevisionDetailView, useRevision } from "#lib/query/revisions.ts";
import RevisionLoading from "./loading.tsx";

/** One revision, with the way back to it. */
export function RevisionClient({ number }: { number: number }) {
  const mayPublish = useMay("revision.publish");
  const query = useRevision(number);
  const [isAsking, setAsking] = useState(false);
  const revision = query.data;
  if (!revision) {
    const error = queryErrorState(query);
    return error ? (
      <Card>
        <ErrorState {...error} />
      </Card>
    ) : (
      <RevisionLoading />
    );
  }
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/revisions" prefetch={false} className="hover:underline">
            Draft and revisions
          </Link>
        }
        title={`Revision ${number}`}
        status={<RevisionStatus revision={revision} />}
        description={revision.note === "" ? undefined : revision.note}
        actions={
          mayPublish && !revision.active ? (
            <Button onClick={() => setAsking(true)}>
              <History aria-hidden />
              Roll back to this
            </Button>
          ) : null
        }
      />
      {revision.rollout ? <RolloutCard id={revision.rollout.id} /> : null}
      <RevisionDetail revision={revision} />
      <RollbackDialog revision={isAsking ? revision : null} onClose={() => setAsking(false)} />
    </>
  );
}

function RevisionStatus({ revision: { active, rollout } }: { revision: RevisionDetailView }) {
  return (
    <>
      {active ? <Badge tone="success">active</Badge> : null}
      {rollout ? <Badge tone={stateWords[rollout.state].tone}>{stateWords[rollout.state].word}</Badge> : null}
    </>
  );
}
