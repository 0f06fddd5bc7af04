"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { RowAction } from "#components/data-table/column.ts";
import { RowMenu } from "#components/data-table/row-menu.tsx";
import { DeleteVersion } from "#components/routes/delete-version.tsx";
import { MakeDefault } from "#components/routes/make-default.tsx";
import { RetireVersion } from "#components/routes/retire-version.tsx";
import { strategyWords } from "#components/routes/strategy-words.ts";
import { useReactivate } from "#components/routes/use-reactivate.ts";
import { VersionStatus } from "#components/routes/version-status.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Table, TableCell, TableHead, TableRow } from "#components/ui/table.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { RouteView, VersionView } from "#lib/domain/route/schemas.ts";

const DeprecateDialog = dynamic(
  () => import("#components/routes/deprecate-dialog.tsx").then((module) => module.DeprecateDialog),
  { ssr: false },
);

type Deed = { kind: "default" | "deprecate" | "retire" | "delete"; version: VersionView } | null;

/** The versions of a route with where each is in its life, and what can be done with it. */
export function RouteVersions({
  route,
  shown,
  onShow,
  onCopy,
}: {
  route: RouteView;
  /** The version in the picture. */
  shown: string;
  onShow: (version: string) => void;
  onCopy: (version: string) => void;
}) {
  const mayWrite = useMay("route.write");
  const [deed, setDeed] = useState<Deed>(null);
  const reactivate = useReactivate(route);
  const doomed = (kind: NonNullable<Deed>["kind"]) => (deed?.kind === kind ? deed.version : null);
  const close = () => setDeed(null);
  const actionsOf = (version: VersionView): RowAction[] => {
    const isDefault = version.version === route.defaultVersion;
    const start = (kind: NonNullable<Deed>["kind"]) => () => setDeed({ kind, version });
    return [
      { label: "Copy to a new version", onSelect: () => onCopy(version.version) },
      ...(isDefault || version.status === "retired" ? [] : [{ label: "Make default…", onSelect: start("default") }]),
      ...(version.status === "active"
        ? [{ label: "Deprecate…", onSelect: start("deprecate") }]
        : [{ label: "Make active again", onSelect: () => void reactivate(version) }]),
      ...(version.status === "deprecated" ? [{ label: "Change the deprecation…", onSelect: start("deprecate") }] : []),
      ...(version.status === "retired" || isDefault
        ? []
        : [{ label: "Retire…", isDestructive: true, onSelect: start("retire") }]),
      ...(isDefault ? [] : [{ label: "Delete…", isDestructive: true, onSelect: start("delete") }]),
    ];
  };
  return (
    <TitledCard title="Versions" description="A caller may pin one; without a pin, the default answers." isFlush>
      <Table aria-label="Versions">
        <thead>
          <tr>
            <TableHead>Version</TableHead>
            <TableHead>Status</TableHead>
            <TableHead className="max-md:hidden">Sunset</TableHead>
            <TableHead className="max-md:hidden">Successor</TableHead>
            <TableHead className="max-lg:hidden">Served</TableHead>
            <TableHead className="max-sm:hidden">Changed</TableHead>
            {mayWrite ? (
              <TableHead>
                <span className="sr-only">Actions</span>
              </TableHead>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {route.versions.map((version) => (
            <VersionRow
              key={version.id}
              version={version}
              isDefault={version.version === route.defaultVersion}
              isShown={version.version === shown}
              onShow={() => onShow(version.version)}
              actions={mayWrite ? actionsOf(version) : null}
            />
          ))}
        </tbody>
      </Table>
      <MakeDefault route={route} version={doomed("default")} onClose={close} />
      {doomed("deprecate") ? <DeprecateDialog route={route} version={doomed("deprecate")} onClose={close} /> : null}
      <RetireVersion route={route} version={doomed("retire")} onClose={close} />
      <DeleteVersion route={route} version={doomed("delete")} onClose={close} />
    </TitledCard>
  );
}

function VersionRow({
  version,
  isDefault,
  isShown,
  onShow,
  actions,
}: {
  version: VersionView;
  isDefault: boolean;
  isShown: boolean;
  onShow: () => void;
  actions: RowAction[] | null;
}) {
  const targets = version.targets.length;
  return (
    <TableRow className={isShown ? "bg-subtle" : undefined}>
      <TableCell className="whitespace-nowrap">
        <button
          type="button"
          onClick={onShow}
          aria-pressed={isShown}
          className="num rounded-sm font-medium hover:underline"
        >
          {version.version}
        </button>{" "}
        {isDefault ? <Badge tone="accent">default</Badge> : null}
      </TableCell>
      <TableCell>
        <VersionStatus status={version.status} />
      </TableCell>
      <TableCell className="max-md:hidden">
        <RelativeTime at={version.sunsetAt} never="none" />
      </TableCell>
      <TableCell className="num max-md:hidden">
        {version.successor ?? <span className="text-faint">none</span>}
      </TableCell>
      <TableCell className="whitespace-nowrap text-muted max-lg:hidden">
        {targets === 1 ? "1 target" : `${targets} targets, ${strategyWords(version.strategy)}`}
      </TableCell>
      <TableCell className="max-sm:hidden">
        <RelativeTime at={version.updatedAt} />
      </TableCell>
      {actions ? (
        <TableCell className="w-10 text-right">
          <RowMenu actions={actions} label={`Actions for ${version.version}`} />
        </TableCell>
      ) : null}
    </TableRow>
  );
}
