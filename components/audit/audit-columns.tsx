import type { DataTableColumn } from "#components/data-table/column.ts";
import { CallTime } from "#components/requests/call-time.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import type { AuditView } from "#lib/domain/audit/schemas.ts";
import { actionWords, actorKindWords, actorWords, nounWords } from "./audit-words.ts";

/** Who, what, when and from where. */
export const auditColumns: readonly DataTableColumn<AuditView>[] = [
  {
    id: "what",
    header: "What",
    phone: "title",
    cell: (entry) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="min-w-0 truncate">
          <span className="font-normal text-muted">{actionWords(entry.action)}</span>{" "}
          <span title={entry.resourceName}>{entry.resourceName}</span>
        </span>
        {entry.outcome === "refused" ? <Badge tone="warning">refused</Badge> : null}
      </span>
    ),
    exportValue: (entry) => `${actionWords(entry.action)} ${entry.resourceName}`,
  },
  {
    id: "who",
    header: "Who",
    cell: (entry) => (
      <span className="flex min-w-0 items-baseline gap-1.5">
        <Truncate text={actorWords(entry)} />
        {entry.actor.kind === "user" ? null : (
          <span className="shrink-0 text-faint text-xs">{actorKindWords(entry)}</span>
        )}
      </span>
    ),
    exportValue: actorWords,
    className: "w-52",
  },
  {
    id: "at",
    header: "When",
    cell: (entry) => <CallTime at={entry.at} />,
    exportValue: (entry) => entry.at,
    className: "w-36",
  },
  {
    id: "address",
    header: "From",
    cell: (entry) => <Truncate text={entry.address ?? "–"} className="text-muted" />,
    exportValue: (entry) => entry.address,
    className: "w-32",
  },
  {
    id: "seal",
    header: "Link",
    isNumeric: true,
    cell: (entry) =>
      entry.seal === null ? (
        <span className="text-faint">not sealed yet</span>
      ) : (
        <span title={entry.seal.hash}>#{entry.seal.sequence}</span>
      ),
    exportValue: (entry) => entry.seal?.sequence ?? null,
    className: "w-28",
  },
  {
    id: "action",
    header: "Action",
    isHiddenAtFirst: true,
    cell: (entry) => <code className="text-xs">{entry.action}</code>,
    exportValue: (entry) => entry.action,
    className: "w-44",
  },
  {
    id: "resource",
    header: "Resource",
    isHiddenAtFirst: true,
    cell: (entry) => nounWords(entry.resource),
    exportValue: (entry) => entry.resource,
    className: "w-36",
  },
  {
    id: "resourceId",
    header: "Resource id",
    isHiddenAtFirst: true,
    cell: (entry) => <Truncate text={entry.resourceId} className="text-muted" />,
    exportValue: (entry) => entry.resourceId,
  },
  {
    id: "requestId",
    header: "Request id",
    isHiddenAtFirst: true,
    cell: (entry) => <Truncate text={entry.requestId} className="text-muted" />,
    exportValue: (entry) => entry.requestId,
  },
];
