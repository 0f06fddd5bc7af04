"use client";
import { TimeSeriesChart } from "#components/charts/time-series-chart.tsx";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { stateTones, stateWords } from "#components/node-groups/group-words.ts";
import { sizesOverTime } from "#components/node-groups/sizes-over-time.ts";
import { StatusDot } from "#components/ui/badge.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useNow } from "#components/ui/use-now.ts";
import type { ScalingDecisionView } from "#lib/domain/node-group/schemas.ts";
import { useScalingDecisions } from "#lib/query/node-groups.ts";

/** What the scaler did and why, as a line of sizes and as sentences. */
export function ScalingStory({ groupId }: { groupId: string }) {
  const query = useScalingDecisions(groupId);
  const decisions = query.data?.data;
  const error = decisions ? null : queryErrorState(query);
  return (
    <>
      <SizeChart decisions={decisions} />
      <TitledCard title="What was decided, and why" description="Newest first; kept for a month.">
        {error ? (
          <ErrorState {...error} />
        ) : decisions ? (
          <DecisionList decisions={decisions} />
        ) : (
          <div role="status" aria-label="Loading the decisions" className="flex flex-col gap-2">
            <Skeleton className="h-8" />
            <Skeleton className="h-8" />
          </div>
        )}
      </TitledCard>
    </>
  );
}

function DecisionList({ decisions }: { decisions: readonly ScalingDecisionView[] }) {
  if (decisions.length === 0) {
    return (
      <p className="text-muted text-sm">
        Nothing yet: the size has been right so far. The scaler looks every five seconds.
      </p>
    );
  }
  return (
    <ol className="flex flex-col divide-y divide-line">
      {decisions.map((decision) => (
        <li key={decision.id} className="flex flex-col gap-1 py-2.5 first:pt-0 last:pb-0">
          <p className="text-sm">{decision.sentence}</p>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-xs">
            <RelativeTime at={decision.at} />
            <StatusDot tone={stateTones[decision.state]} className="text-xs">
              {stateWords[decision.state]}
              {decision.attempts > 1 ? ` (${decision.attempts} tries)` : ""}
            </StatusDot>
            {decision.error ? <span className="break-words text-danger">{decision.error}</span> : null}
          </p>
        </li>
      ))}
    </ol>
  );
}

const series = [{ key: "nodes", label: "Nodes" }];

/** How big the group was over time; nothing until it has changed once. */
function SizeChart({ decisions }: { decisions: readonly ScalingDecisionView[] | undefined }) {
  const nowMs = useNow();
  if (!decisions?.some(({ kind, state }) => kind !== "held" && state === "done")) return null;
  const points = nowMs === null ? undefined : sizesOverTime(decisions, nowMs);
  return (
    <TimeSeriesChart
      title="Size of the group"
      kind="line"
      series={series}
      points={points}
      format={(value) => String(value)}
      heightPx={140}
    />
  );
}
