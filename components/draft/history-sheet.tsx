"use client";
import { History } from "lucide-react";
import { useState } from "react";
import { actionWords } from "#components/audit/audit-words.ts";
import { describeValue } from "#components/diff/diff-fields.ts";
import { fieldWords } from "#components/draft/field-words.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { valueWords } from "#components/forms/merge-view.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Sheet } from "#components/ui/sheet.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { HistoryEntry } from "#lib/domain/draft/schemas.ts";
import { type DraftSubject, useHistory } from "#lib/query/draft.ts";

/** Opens who changed which field of a resource, from what to what, and when. Not offered to who may not read the draft. */
export function HistoryButton({ subject, name, size }: { subject: DraftSubject; name: string; size?: "sm" }) {
  const mayRead = useMay("draft.read");
  const [isOpen, setOpen] = useState(false);
  if (!mayRead) return null;
  return (
    <>
      <Button {...(size ? { size } : {})} onClick={() => setOpen(true)} aria-label={`History of ${name}`}>
        <History aria-hidden />
        History
      </Button>
      <HistorySheet subject={isOpen ? subject : null} name={name} onClose={() => setOpen(false)} />
    </>
  );
}

/** Every change of a resource, field by field. `subject` null keeps it closed. */
export function HistorySheet({
  subject,
  name,
  onClose,
}: {
  subject: DraftSubject | null;
  name: string;
  onClose: () => void;
}) {
  return (
    <Sheet
      isOpen={subject !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={`History of ${name}`}
      description="Every change of a field, newest first, whether it was published or not."
      size="lg"
    >
      {subject ? <HistoryList subject={subject} /> : null}
    </Sheet>
  );
}

function HistoryList({ subject }: { subject: DraftSubject }) {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null]);
  const query = useHistory(subject, cursors.at(-1) ?? null);
  const failure = query.data ? null : queryErrorState(query);
  if (failure) return <ErrorState {...failure} />;
  if (!query.data) return <SkeletonText lines={8} />;
  const { data: entries, nextCursor } = query.data;
  if (entries.length === 0)
    return (
      <EmptyState icon={History} title="No change is known">
        It came with the first start, or its changes are older than this record.
      </EmptyState>
    );
  return (
    <div className="flex flex-col gap-3">
      <ol className="flex flex-col divide-y divide-line">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      <div className="flex justify-end gap-2">
        {cursors.length > 1 ? (
          <Button size="sm" onClick={() => setCursors(cursors.slice(0, -1))}>
            Newer
          </Button>
        ) : null}
        {nextCursor === null ? null : (
          <Button size="sm" onClick={() => setCursors([...cursors, nextCursor])}>
            Older
          </Button>
        )}
      </div>
    </div>
  );
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const { pointer, before, after, actor } = entry;
  const field = fieldWords(pointer);
  return (
    <li className="flex flex-col gap-1 py-3 text-sm">
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
        <span className="font-medium">{actor.name ?? actor.id}</span>
        <span className="text-muted">{actionWords(entry.action)}</span>
        <span className="ml-auto text-muted text-xs">
          <RelativeTime at={entry.at} />
        </span>
      </div>
      {before === null || after === null ? (
        <Whole field={field} value={after ?? before} isGone={after === null} />
      ) : (
        <p className="break-words">
          <span className="text-muted">{field}</span> from{" "}
          <del className="text-danger decoration-1">{valueWords(before)}</del> to{" "}
          <ins className="text-success no-underline">{valueWords(after)}</ins>
        </p>
      )}
    </li>
  );
}

/** A field, a version or the whole resource that came or went. */
function Whole({ field, value, isGone }: { field: string; value: unknown; isGone: boolean }) {
  const isPlain = typeof value !== "object" || Array.isArray(value);
  return (
    <p className="flex flex-wrap items-center gap-2 break-words">
      <Badge tone={isGone ? "danger" : "success"}>{isGone ? "taken out" : "added"}</Badge>
      {field === "" ? "all of it" : <span className="text-muted">{field}</span>}
      {isPlain && field !== "" ? <span>{Array.isArray(value) ? valueWords(value) : describeValue(value)}</span> : null}
    </p>
  );
}
