import Link from "next/link";
import type { ReactNode } from "react";
import type { DataTableColumn } from "#components/data-table/column.ts";
import { stateWords } from "#components/rollouts/rollout-words.ts";
import { Badge } from "#components/ui/badge.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Truncate } from "#components/ui/truncate.tsx";
import type { RevisionView } from "#lib/domain/revision/schemas.ts";

const hashShown = 12;

/** The first digits of a document's hash. */
export function shortHash(sha256: string): string {
  return sha256.slice(0, hashShown);
}

/** What a revision came from: a publish, or a rollback to an older one. */
export function kindWords({ kind, rolledBackTo }: Pick<RevisionView, "kind" | "rolledBackTo">): string {
  return kind === "rollback" && rolledBackTo !== null ? `rollback to ${rolledBackTo}` : kind;
}

/** The columns of the history; `rollback` draws the button at the end of each row, for those who may. */
export function revisionColumns(
  rollback: ((revision: RevisionView) => ReactNode) | null,
): readonly DataTableColumn<RevisionView>[] {
  const columns: DataTableColumn<RevisionView>[] = [
    {
      id: "number",
      header: "Revision",
      phone: "title",
      cell: (revision) => (
        <span className="num inline-flex items-center gap-2">
          <Link href={`/revisions/${revision.number}`} prefetch={false} className="font-medium hover:underline">
            {revision.number}
          </Link>
          {revision.active ? <Badge tone="success">active</Badge> : null}
          {revision.rollout ? (
            <Badge tone={stateWords[revision.rollout.state].tone}>{stateWords[revision.rollout.state].word}</Badge>
          ) : null}
        </span>
      ),
      exportValue: (revision) => revision.number,
      className: "w-52 md:w-52",
    },
    {
      id: "note",
      header: "Note",
      cell: (revision) =>
        revision.note === "" ? <span className="text-faint">none</span> : <Truncate text={revision.note} />,
      exportValue: (revision) => revision.note,
    },
    {
      id: "kind",
      header: "Kind",
      cell: (revision) => (
        <Badge tone={revision.kind === "rollback" ? "warning" : "neutral"}>{kindWords(revision)}</Badge>
      ),
      exportValue: kindWords,
      className: "w-32",
    },
    {
      id: "author",
      header: "Author",
      cell: (revision) => <Truncate text={revision.author.name} />,
      exportValue: (revision) => revision.author.name,
      className: "w-48",
    },
    {
      id: "createdAt",
      header: "Published",
      cell: (revision) => <RelativeTime at={revision.createdAt} />,
      exportValue: (revision) => revision.createdAt,
      className: "w-28",
    },
    {
      id: "sha256",
      header: "Hash",
      phone: "hidden",
      cell: (revision) => (
        <code className="text-muted text-xs" title={revision.sha256}>
          {shortHash(revision.sha256)}
        </code>
      ),
      exportValue: (revision) => revision.sha256,
      className: "w-32",
    },
  ];
  if (rollback)
    columns.push({ id: "rollback", header: "Roll back", cell: rollback, isPinned: true, className: "w-28" });
  return columns;
}
