"use client";
import Link from "next/link";
import { formatPercent } from "#components/format/number.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { sharesOf } from "#components/routes/target-shares.ts";
import { VersionStatus } from "#components/routes/version-status.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Table, TableCell, TableHead, TableRow } from "#components/ui/table.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import { type RouteUse, routesUsing } from "#components/upstreams/routes-using.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import { useEveryRoute } from "#lib/query/routes.ts";

/** Which routes send calls to an upstream, with which model and what share of the version's traffic. */
export function UpstreamUses({ upstreamId }: { upstreamId: string }) {
  const mayRead = useMay("route.read");
  const query = useEveryRoute(mayRead);
  if (!mayRead) return null;
  const error = queryErrorState(query);
  return (
    <TitledCard title="Used by" description="Route versions of the draft with a target here." isFlush>
      {query.data ? (
        <UsesTable uses={routesUsing(query.data, upstreamId)} />
      ) : error ? (
        <ErrorState {...error} />
      ) : (
        <div role="status" aria-label="Loading routes" className="px-4 pb-4">
          <Skeleton className="h-8" />
        </div>
      )}
    </TitledCard>
  );
}

function UsesTable({ uses }: { uses: readonly RouteUse[] }) {
  if (uses.length === 0) {
    return (
      <p className="px-4 pb-4 text-muted text-sm">
        No route yet.{" "}
        <Link href="/routes/new" prefetch={false} className="text-accent-text underline">
          Add one
        </Link>
      </p>
    );
  }
  return (
    <Table aria-label="Routes that use this upstream" className="table-fixed">
      <thead>
        <tr>
          <TableHead>Route</TableHead>
          <TableHead className="max-sm:hidden">Model</TableHead>
          <TableHead className="w-20 text-right">Share</TableHead>
          <TableHead className="w-32">Version is</TableHead>
        </tr>
      </thead>
      <tbody>
        {uses.map(({ route, version, target }) => (
          <TableRow key={target.id}>
            <TableCell>
              <Link
                href={`/routes/${route.id}?version=${version.version}`}
                prefetch={false}
                className="block hover:underline"
              >
                <Truncate text={`${route.name}@${version.version}`} />
              </Link>
            </TableCell>
            <TableCell className="max-sm:hidden">
              <Truncate text={target.model} />
            </TableCell>
            <TableCell className="num text-right">
              {formatPercent(sharesOf(version.strategy, version.targets)[version.targets.indexOf(target)] ?? 0)}
            </TableCell>
            <TableCell>
              <VersionStatus status={version.status} />
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}
