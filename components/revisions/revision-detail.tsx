"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useMemo } from "react";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { ChangeList } from "#components/revisions/change-list.tsx";
import { documentChanges, emptyDocument, upstreamNamesOf } from "#components/revisions/document-changes.ts";
import { kindWords } from "#components/revisions/revision-columns.tsx";
import { Card, TitledCard } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { JsonView } from "#components/ui/json-view.tsx";
import { KeyValueList } from "#components/ui/key-value-list.tsx";
import { Timestamp } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import type { PolicyDocument } from "#lib/contract/policy-document.ts";
import type { RevisionDetail as Revision } from "#lib/query/revisions.ts";
import { useRevision, useRevisions } from "#lib/query/revisions.ts";

const parts = ["changes", "active", "document"] as const;

/** One revision: who made it and why, what it changed, how it differs from what runs, and its whole document. */
export function RevisionDetail({ revision }: { revision: Revision }) {
  const [part, setPart] = useQueryState("part", parseAsStringLiteral(parts).withDefault("changes"));
  const { document } = revision;
  const tabs = [
    {
      value: "changes",
      label: revision.parent === 0 ? "What it brought" : `Changes against ${revision.parent}`,
      content: <Against number={revision.parent} after={document} sameWords="The same document as its parent." />,
    },
    ...(revision.active
      ? []
      : [
          {
            value: "active",
            label: "Against the active one",
            content: <AgainstActive document={document} />,
          },
        ]),
    { value: "document", label: "Document", content: <JsonView value={document} label="document" /> },
  ];
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[1fr_22rem]">
      <Card className="min-w-0 px-4 pt-1 pb-4 max-lg:order-2">
        <Tabs
          label="Parts of the revision"
          tabs={tabs}
          value={tabs.some((tab) => tab.value === part) ? part : "changes"}
          onValueChange={(next) => void setPart(parts.find((known) => known === next) ?? null)}
        />
      </Card>
      <RevisionFacts revision={revision} />
    </div>
  );
}

function RevisionFacts({ revision }: { revision: Revision }) {
  const { document } = revision;
  return (
    <TitledCard title="Facts" className="max-lg:order-1">
      <KeyValueList
        className="[&>div]:grid-cols-[7rem_1fr]"
        items={[
          { label: "Kind", value: kindWords(revision) },
          { label: "Author", value: revision.author.name },
          { label: "Published", value: <Timestamp at={revision.createdAt} /> },
          { label: "Holds", value: holds(document) },
          { label: "Prices", value: document.prices.version },
          { label: "SHA-256", value: <Hash text={revision.sha256} label="Copy hash" /> },
          { label: "Signature", value: <Hash text={revision.signature} label="Copy signature" /> },
          { label: "Epoch", value: revision.epoch },
        ]}
      />
    </TitledCard>
  );
}

function Hash({ text, label }: { text: string; label: string }) {
  return (
    <span className="flex items-start gap-1">
      <code className="min-w-0 break-all text-xs leading-5">{text}</code>
      <CopyButton value={text} label={label} />
    </span>
  );
}

function holds({ upstreams, plans, routes }: PolicyDocument): string {
  const count = (length: number, noun: string) => `${length} ${length === 1 ? noun : `${noun}s`}`;
  return [count(routes.length, "route"), count(plans.length, "plan"), count(upstreams.length, "upstream")].join(", ");
}

function AgainstActive({ document }: { document: PolicyDocument }) {
  const history = useRevisions(null);
  const active = history.data?.data.find((revision) => revision.active);
  const error = history.data ? null : queryErrorState(history);
  if (error) return <ErrorState {...error} />;
  if (!active) return <Skeleton className="h-24" />;
  return <Against number={active.number} after={document} sameWords="The same document as the active revision." />;
}

/** How a document differs from that of another revision; 0 is the empty one before the first publish. */
function Against({ number, after, sameWords }: { number: number; after: PolicyDocument; sameWords: string }) {
  const query = useRevision(number === 0 ? null : number);
  const before = number === 0 ? emptyDocument : query.data?.document;
  const difference = useMemo(
    () => before && { changes: documentChanges(before, after), upstreams: upstreamNamesOf(before, after) },
    [before, after],
  );
  const error = before ? null : queryErrorState(query);
  if (error) return <ErrorState {...error} />;
  if (!difference) return <Skeleton className="h-24" />;
  if (difference.changes.length === 0) return <p className="text-muted text-sm">{sameWords}</p>;
  return <ChangeList {...difference} />;
}
