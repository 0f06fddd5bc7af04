"use client";
import { Plus } from "lucide-react";
import Link from "next/link";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { driverWords, sizeWords } from "#components/node-groups/group-words.ts";
import { StatusDot } from "#components/ui/badge.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table, TableCell, TableHead, TableRow } from "#components/ui/table.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { NodeGroupView } from "#lib/domain/node-group/schemas.ts";
import { METRIC_NAMES, metricWords } from "#lib/domain/scaling/schemas.ts";
import { useNodeGroups } from "#lib/query/node-groups.ts";

/** The groups of nodes: who scales each, how big it is, and how busy. */
export function GroupsCard() {
  const mayRead = useMay("nodeGroup.read");
  const mayWrite = useMay("nodeGroup.write");
  const query = useNodeGroups(mayRead);
  if (!mayRead) return null;
  const groups = query.data;
  const error = groups ? null : queryErrorState(query);
  return (
    <TitledCard
      title="Groups"
      description="Nodes of a group scale together."
      isFlush
      actions={
        mayWrite ? (
          <Link href="/nodes/groups/new" prefetch={false} className={buttonClasses({ size: "sm" })}>
            <Plus aria-hidden />
            New group
          </Link>
        ) : null
      }
    >
      {error ? (
        <ErrorState {...error} />
      ) : groups ? (
        <GroupTable groups={groups} />
      ) : (
        <div role="status" aria-label="Loading the groups" className="px-4 pb-4">
          <Skeleton className="h-8" />
        </div>
      )}
    </TitledCard>
  );
}

function GroupTable({ groups }: { groups: readonly NodeGroupView[] }) {
  if (groups.length === 0) return <p className="px-4 pb-4 text-muted text-sm">None yet.</p>;
  return (
    <Table aria-label="Groups of nodes">
      <thead>
        <tr>
          <TableHead>Name</TableHead>
          <TableHead>Size</TableHead>
          <TableHead className="max-sm:hidden">Load</TableHead>
          <TableHead className="max-md:hidden">Started and ended by</TableHead>
        </tr>
      </thead>
      <tbody>
        {groups
          .toSorted((a, b) => a.name.localeCompare(b.name))
          .map((group) => (
            <TableRow key={group.id}>
              <TableCell className="max-w-40">
                <Link
                  href={`/nodes/groups/${group.id}`}
                  prefetch={false}
                  className="font-medium text-accent-text hover:underline"
                >
                  <Truncate text={group.name} />
                </Link>
              </TableCell>
              <TableCell className="num">{sizeWords(group)}</TableCell>
              <TableCell className="max-sm:hidden">
                <LoadWords group={group} />
              </TableCell>
              <TableCell className="max-w-64 text-muted max-md:hidden">
                <Truncate text={driverWords(group.driver)} />
              </TableCell>
            </TableRow>
          ))}
      </tbody>
    </Table>
  );
}

/** The metric that asks for the most, or why there is none. */
function LoadWords({ group: { load, scaling, observed } }: { group: NodeGroupView }) {
  if (load === null || scaling === null) return <span className="text-faint">not scaled</span>;
  if (observed?.problem && observed.nodes === null) return <StatusDot tone="warning">cannot be scaled</StatusDot>;
  const busiest = load.metrics.toSorted((a, b) => b.ratio - a.ratio)[0];
  if (busiest === undefined || load.reporting === 0) return <StatusDot tone="warning">no report</StatusDot>;
  const { metric, perNode, target, ratio } = busiest;
  const tone = ratio > scaling.scaleUpAt ? "warning" : "success";
  return (
    <StatusDot tone={tone}>
      {METRIC_NAMES[metric]} {metricWords(metric, perNode)} of {metricWords(metric, target)}
    </StatusDot>
  );
}
