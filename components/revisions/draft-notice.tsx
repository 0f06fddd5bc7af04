"use client";
import Link from "next/link";
import { Notice } from "#components/ui/notice.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { DraftView } from "#lib/domain/draft/schemas.ts";
import { useDraft } from "#lib/query/draft.ts";

type Resource = DraftView["changes"][number]["resource"];

const words = {
  add: "is in the draft only: no node knows it yet.",
  update: "differs from what nodes run: the changes wait in the draft.",
  remove: "is taken out in the draft, and still runs on the nodes.",
} as const;

/** On the page of a thing that the draft changes: it is not live yet, and where to publish it. */
export function DraftNotice({ resource, id }: { resource: Resource; id: string }) {
  return useMay("draft.read") ? <DraftNoticeOf resource={resource} id={id} /> : null;
}

function DraftNoticeOf({ resource, id }: { resource: Resource; id: string }) {
  const { data: draft } = useDraft();
  const change = draft?.changes.find((candidate) => candidate.resource === resource && candidate.id === id);
  const problems = draft?.problems.filter((problem) => problem.resource === resource && problem.id === id) ?? [];
  const isScheduled = draft?.scheduled?.isCurrent === true;
  if (!change && problems.length === 0 && !isScheduled) return null;
  const link = (
    <Link href="/revisions" prefetch={false} className="shrink-0 font-medium text-accent-text hover:underline">
      Review and publish
    </Link>
  );
  return (
    <Notice tone={problems.length > 0 ? "warning" : "info"} className="mb-4" action={link}>
      {change ? <p>{`This ${resource} ${words[change.op]}`}</p> : null}
      {!change && problems.length > 0 ? <p>This {resource} stands in the way of publishing.</p> : null}
      {problems.map((problem) => (
        <p key={`${problem.pointer} ${problem.code}`}>{problem.detail}</p>
      ))}
      {isScheduled ? <p>The draft is scheduled to be published as it is: an edit stops that.</p> : null}
    </Notice>
  );
}
