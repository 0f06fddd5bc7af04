"use client";
import Link from "next/link";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { StatusDot } from "#components/ui/badge.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Count } from "#components/ui/figures.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table, TableCell, TableHead, TableRow } from "#components/ui/table.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { ConsumerView } from "#lib/domain/consumer/schemas.ts";
import type { PlanView } from "#lib/domain/plan/schemas.ts";
import { usePlanConsumers } from "#lib/query/plans.ts";

/** Who is on a plan, as far as the viewer reaches. */
export function PlanConsumers({ plan }: { plan: PlanView }) {
  const mayRead = useMay("consumer.read");
  const query = usePlanConsumers(plan.id, mayRead);
  if (!mayRead) return null;
  const error = queryErrorState(query);
  const rows = query.data?.data;
  const hasMore = query.data?.nextCursor != null;
  return (
    <TitledCard
      title={
        <>
          Consumers on it{" "}
          <span className="font-normal text-muted">
            <Count value={plan.consumers} />
          </span>
        </>
      }
      actions={
        hasMore ? (
          <Link
            href={`/consumers?planId=${plan.id}`}
            prefetch={false}
            className="text-accent-text text-sm hover:underline"
          >
            All of them
          </Link>
        ) : null
      }
      isFlush
    >
      {error && !rows ? <ErrorState {...error} /> : <ConsumerTable rows={rows} />}
    </TitledCard>
  );
}

function ConsumerTable({ rows }: { rows: readonly ConsumerView[] | undefined }) {
  if (!rows) {
    return (
      <div role="status" aria-label="Loading consumers" className="flex flex-col gap-2 px-4 pb-4">
        <Skeleton className="h-8" />
        <Skeleton className="h-8" />
      </div>
    );
  }
  if (rows.length === 0) return <p className="px-4 pb-4 text-muted text-sm">Nobody yet.</p>;
  return (
    <Table aria-label="Consumers on this plan" className="table-fixed">
      <thead>
        <tr>
          <TableHead>Name</TableHead>
          <TableHead>Team</TableHead>
          <TableHead className="w-20 text-right">Keys</TableHead>
          <TableHead className="w-28">State</TableHead>
        </tr>
      </thead>
      <tbody>
        {rows.map((consumer) => (
          <TableRow key={consumer.id}>
            <TableCell>
              <Link href={`/consumers/${consumer.id}`} prefetch={false} className="hover:underline">
                <Truncate text={consumer.name} />
              </Link>
            </TableCell>
            <TableCell>
              <Truncate text={consumer.teamName} />
            </TableCell>
            <TableCell className="num text-right">{consumer.apiKeys}</TableCell>
            <TableCell>
              <StatusDot tone={consumer.suspended ? "danger" : "success"}>
                {consumer.suspended ? "suspended" : "active"}
              </StatusDot>
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
