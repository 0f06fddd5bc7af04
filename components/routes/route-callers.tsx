"use client";
import Link from "next/link";
import { formatNumber } from "#components/format/number.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { TitledCard } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table, TableCell, TableHead, TableRow } from "#components/ui/table.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { CallersView, RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import { useVersionCallers } from "#lib/query/route-callers.ts";

const days = 7;
const shownMax = 20;

/** Who calls a version, how and when last: for one that is to end, who still does. */
export function RouteCallers({ route, version }: { route: RouteView; version: VersionView }) {
  const mayRead = useMay("usage.read");
  const callers = useVersionCallers(route.id, version.version, days, mayRead);
  if (!mayRead) return null;
  const error = callers.data ? null : queryErrorState(callers);
  const isEnding = version.status !== "active";
  return (
    <TitledCard
      title={isEnding ? `Who still calls ${version.version}` : `Who calls ${version.version}`}
      description={`Consumers by calls in the last ${days} days.`}
      isFlush
    >
      {error ? <ErrorState {...error} /> : null}
      {callers.data ? <Callers callers={callers.data} isEnding={isEnding} /> : null}
      {error || callers.data ? null : <Skeleton className="m-4 h-16" />}
    </TitledCard>
  );
}

function Callers({ callers: { data }, isEnding }: { callers: CallersView; isEnding: boolean }) {
  if (data.length === 0) {
    return (
      <p className="px-4 pb-4 text-muted text-sm">
        {isEnding ? "Nobody any more." : `Nobody in the last ${days} days.`}
      </p>
    );
  }
  return (
    <Table aria-label="Callers">
      <thead>
        <tr>
          <TableHead>Consumer</TableHead>
          <TableHead className="text-right">Calls</TableHead>
          <TableHead className="text-right max-sm:hidden">Refused</TableHead>
          <TableHead className="max-lg:hidden">As</TableHead>
          <TableHead className="max-sm:hidden">Last call</TableHead>
        </tr>
      </thead>
      <tbody>
        {data.slice(0, shownMax).map((caller) => (
          <CallerRow key={caller.consumer.id} caller={caller} />
        ))}
      </tbody>
    </Table>
  );
}

function CallerRow({ caller }: { caller: CallersView["data"][number] }) {
  const { consumer, calls, refused, actions, parameters, lastCallAt } = caller;
  return (
    <TableRow>
      <TableCell>
        <Link href={`/consumers/${consumer.id}`} prefetch={false} className="hover:underline">
          {consumer.name ?? consumer.id}
        </Link>
      </TableCell>
      <TableCell className="num text-right">{formatNumber(calls)}</TableCell>
      <TableCell className="num text-right max-sm:hidden">{formatNumber(refused)}</TableCell>
      <TableCell className="text-muted max-lg:hidden" title={`Parameters: ${parameters.join(", ") || "none known"}`}>
        {actions.join(", ")}
      </TableCell>
      <TableCell className="max-sm:hidden">
        <RelativeTime at={lastCallAt} />
      </TableCell>
    </TableRow>
  );
}
