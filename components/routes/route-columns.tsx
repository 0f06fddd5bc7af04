import Link from "next/link";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { strategyWords } from "#components/routes/strategy-words.ts";
import { Badge } from "#components/ui/badge.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";

/** The version that answers where a call names none. */
export function defaultVersionOf(route: RouteView): VersionView | undefined {
  return route.versions.find((version) => version.version === route.defaultVersion);
}

const targetsNamed = 2;

function targetName({ model, upstreamName }: VersionView["targets"][number]): string {
  const upstream = upstreamName ?? "an upstream that is gone";
  return model === "" ? upstream : `${model} at ${upstream}`;
}

function targetsLine(route: RouteView): string {
  const targets = defaultVersionOf(route)?.targets ?? [];
  const named = targets.slice(0, targetsNamed).map(targetName);
  const rest = targets.length - named.length;
  return rest > 0 ? `${named.join(", ")} and ${rest} more` : named.join(", ");
}

/** The columns of the list of routes. */
export const routeColumns: readonly DataTableColumn<RouteView>[] = [
  {
    id: "name",
    header: "Name",
    phone: "title",
    cell: (route) => (
      <Link href={`/routes/${route.id}`} prefetch={false} className="hover:underline">
        <Truncate text={route.name} />
      </Link>
    ),
    exportValue: (route) => route.name,
    className: "w-1/5",
  },
  {
    id: "defaultVersion",
    header: "Default",
    cell: (route) => <span className="num">{route.defaultVersion}</span>,
    exportValue: (route) => route.defaultVersion,
    className: "w-24",
  },
  {
    id: "strategy",
    header: "Strategy",
    cell: (route) => strategyWords(defaultVersionOf(route)?.strategy),
    exportValue: (route) => defaultVersionOf(route)?.strategy ?? null,
    className: "w-28",
  },
  {
    id: "targets",
    header: "Targets",
    cell: (route) => <Truncate text={targetsLine(route)} className="text-muted" />,
    exportValue: targetsLine,
  },
  {
    id: "versions",
    header: "Versions",
    cell: (route) => <VersionCounts versions={route.versions} />,
    exportValue: (route) => route.versions.length,
    className: "w-44",
  },
  {
    id: "updatedAt",
    header: "Changed",
    cell: (route) => <RelativeTime at={route.updatedAt} />,
    exportValue: (route) => route.updatedAt,
    className: "w-32",
  },
];

function VersionCounts({ versions }: { versions: readonly VersionView[] }) {
  const deprecated = versions.filter((version) => version.status === "deprecated").length;
  const retired = versions.filter((version) => version.status === "retired").length;
  return (
    <span className="num inline-flex items-center gap-1.5">
      {versions.length}
      {deprecated > 0 ? <Badge tone="warning">{deprecated} deprecated</Badge> : null}
      {retired > 0 ? <Badge>{retired} retired</Badge> : null}
    </span>
  );
}
