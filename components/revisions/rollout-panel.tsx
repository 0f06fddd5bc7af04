"use client";
import Link from "next/link";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { useLiveNodes } from "#components/nodes/use-live-nodes.ts";
import { type NodeRollout, type Rollout, rolloutOf } from "#components/revisions/rollout-state.ts";
import { StatusDot, type Tone } from "#components/ui/badge.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { LiveMark } from "#components/ui/live-mark.tsx";
import { Progress } from "#components/ui/progress.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Truncate } from "#components/ui/truncate.tsx";

const words: Record<NodeRollout, { text: (applied: number) => string; tone: Tone }> = {
  applied: { text: (applied) => `runs ${applied}`, tone: "success" },
  applying: { text: (applied) => `still on ${applied}`, tone: "warning" },
  rejected: { text: (applied) => `refused, stays on ${applied}`, tone: "danger" },
  offline: { text: (applied) => `offline, last on ${applied}`, tone: "neutral" },
};

/** Which revision each node runs against the one it is to run, asked every second while a publish is under way. */
export function RolloutPanel() {
  const { query, live } = useLiveNodes({ pace: "rollout" });
  const error = query.data ? null : queryErrorState(query);
  const rollout = query.data ? rolloutOf(query.data) : null;
  return (
    <TitledCard
      title={rollout && rollout.wanted > 0 ? `Rollout of revision ${rollout.wanted}` : "Rollout"}
      description={rollout ? summary(rollout) : undefined}
      actions={<LiveMark state={live} />}
    >
      {error ? <ErrorState {...error} /> : rollout ? <RolloutNodes rollout={rollout} /> : <Skeleton className="h-16" />}
    </TitledCard>
  );
}

function summary({ counts, nodes, canary }: Rollout): string {
  if (nodes.length === 0) return "No node has joined yet.";
  if (canary)
    return `A canary: ${canary.nodes} of ${nodes.length} nodes take it, the others stay on revision ${canary.others}.`;
  const total = nodes.length === 1 ? "1 node runs it" : `${nodes.length} nodes run it`;
  return `${counts.applied} of ${total}${counts.rejected > 0 ? `, ${counts.rejected} refused` : ""}${counts.offline > 0 ? `, ${counts.offline} offline` : ""}.`;
}

function RolloutNodes({ rollout }: { rollout: Rollout }) {
  if (rollout.nodes.length === 0) {
    return (
      <p className="text-muted text-sm">
        Publishing still works: a node takes the newest revision when it joins.{" "}
        <Link href="/nodes" prefetch={false} className="text-accent-text hover:underline">
          Add a node
        </Link>
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <Progress label="Nodes that run the revision" value={rollout.counts.applied / rollout.nodes.length} />
      <ul aria-label="Nodes" className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
        {rollout.nodes.map(({ node, rollout: state }) => (
          <li key={node.id} className="min-w-0 text-sm">
            <div className="flex min-w-0 items-center justify-between gap-3">
              <Truncate text={node.name} />
              <StatusDot tone={words[state].tone} className="num shrink-0">
                {words[state].text(node.appliedRevision)}
              </StatusDot>
            </div>
            {state === "rejected" && node.rejected ? (
              <p className="break-words text-danger text-xs">
                <code>{node.rejected.path || node.rejected.code}</code> {node.rejected.message}
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
