"use client";
import { BarList } from "#components/charts/bar-list.tsx";
import { formatNumber } from "#components/format/number.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { callersOf } from "#components/routes/version-callers.ts";
import { TitledCard } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";
import { useRouteTraffic } from "#lib/query/route-traffic.ts";

const shownMax = 8;

/** Who calls a version: for one that is to end, who still does. */
export function RouteCallers({ route, version }: { route: RouteView; version: VersionView }) {
  const mayRead = useMay("usage.read");
  const traffic = useRouteTraffic(route.name, { isAllowed: mayRead, isLive: true });
  if (!mayRead) return null;
  const error = traffic.data ? null : queryErrorState(traffic);
  const callers = traffic.data ? callersOf(traffic.data.groups, version.version) : undefined;
  const isEnding = version.status !== "active";
  return (
    <TitledCard
      title={isEnding ? `Who still calls ${version.version}` : `Who calls ${version.version}`}
      description="Consumers by calls in the last 24 hours."
    >
      {error ? (
        <ErrorState {...error} />
      ) : (
        <BarList
          label={`Consumers calling ${version.version}`}
          format={formatNumber}
          emptyText={isEnding ? "Nobody any more." : "Nobody in the last 24 hours."}
          rows={3}
          items={callers?.slice(0, shownMax).map((caller) => ({
            key: caller.id,
            label: caller.name,
            value: caller.calls,
            href: `/consumers/${caller.id}`,
          }))}
        />
      )}
    </TitledCard>
  );
}
