"use client";
import Link from "next/link";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { gateWords } from "#components/rollouts/canary-values.ts";
import { RolloutActions } from "#components/rollouts/rollout-actions.tsx";
import { RolloutComparison } from "#components/rollouts/rollout-comparison.tsx";
import { RolloutNodes } from "#components/rollouts/rollout-nodes.tsx";
import { RolloutStory } from "#components/rollouts/rollout-story.tsx";
import { stateWords } from "#components/rollouts/rollout-words.ts";
import { StatusDot } from "#components/ui/badge.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RolloutView } from "#lib/domain/rollout/schemas.ts";
import { useRollout } from "#lib/query/rollouts.ts";

/** A canary, live: the canary against the rest, each node, and the story of what happened and why. */
export function RolloutCard({ id }: { id: string }) {
  const mayDecide = useMay("revision.publish");
  const query = useRollout(id);
  const error = query.data ? null : queryErrorState(query);
  const rollout = query.data;
  return (
    <TitledCard
      title={rollout ? `Canary of revision ${rollout.revision}` : "Canary"}
      description={rollout ? <Standing rollout={rollout} /> : undefined}
      actions={rollout && mayDecide && rollout.endedAt === null ? <RolloutActions rollout={rollout} /> : null}
    >
      {error ? <ErrorState {...error} /> : rollout ? <Body rollout={rollout} /> : <Skeleton className="h-40" />}
    </TitledCard>
  );
}

function Standing({ rollout }: { rollout: RolloutView }) {
  const { word, tone } = stateWords[rollout.state];
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <StatusDot tone={tone}>{word}</StatusDot>
      {rollout.endedBy === null ? null : (
        <Link href={`/revisions/${rollout.endedBy}`} prefetch={false} className="text-accent-text hover:underline">
          by revision {rollout.endedBy}
        </Link>
      )}
    </span>
  );
}

function Body({ rollout }: { rollout: RolloutView }) {
  return (
    <div className="flex flex-col gap-4">
      {rollout.endedAt === null ? <p className="text-muted text-sm">{gateWords(rollout.gate)}</p> : null}
      <RolloutComparison figures={rollout.figures} />
      <div className="grid gap-4 lg:grid-cols-2">
        <RolloutNodes rollout={rollout} />
        <RolloutStory events={rollout.events} />
      </div>
    </div>
  );
}
