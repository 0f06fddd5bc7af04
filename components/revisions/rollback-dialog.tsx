"use client";
import { useMemo, useState } from "react";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { ChangeList } from "#components/revisions/change-list.tsx";
import { documentChanges, upstreamNamesOf } from "#components/revisions/document-changes.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { toast } from "#components/ui/toast.ts";
import type { RevisionView } from "#lib/domain/revision/schemas.ts";
import { useRevision, useRevisions, useRollback } from "#lib/query/revisions.ts";

/** Brings an old revision back, after showing what that changes. `revision` null keeps the dialog closed. */
export function RollbackDialog({ revision, onClose }: { revision: RevisionView | null; onClose: () => void }) {
  return revision ? <OpenRollback key={revision.number} revision={revision} onClose={onClose} /> : null;
}

function OpenRollback({ revision, onClose }: { revision: RevisionView; onClose: () => void }) {
  const [failure, setFailure] = useState<string | null>(null);
  const rollback = useRollback();
  const send = async () => {
    setFailure(null);
    try {
      const made = await rollback.mutateAsync({ number: revision.number, note: "" });
      toast.success(`Rolled back to revision ${revision.number}`, {
        description: `It is published as revision ${made.number}; nodes are taking it up.`,
      });
      onClose();
    } catch (error) {
      setFailure(describeProblem(error));
    }
  };
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && !rollback.isPending && onClose()}
      title={`Roll back to revision ${revision.number}?`}
      description="Its document becomes a new revision, on every node at once. Keys, consumers and credentials are not touched, and the draft stays as it is."
      size="lg"
      footer={
        <>
          <Button onClick={onClose} disabled={rollback.isPending}>
            Cancel
          </Button>
          <Button variant="danger" isPending={rollback.isPending} onClick={() => void send()}>
            Roll back
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {failure ? <Notice tone="danger">{failure}</Notice> : null}
        <RollbackChanges number={revision.number} />
      </div>
    </Dialog>
  );
}

function RollbackChanges({ number }: { number: number }) {
  const newest = useRevisions(null).data?.data[0]?.number ?? null;
  const wanted = useRevision(number);
  const active = useRevision(newest);
  const difference = useMemo(() => {
    if (!wanted.data || !active.data) return null;
    return {
      changes: documentChanges(active.data.document, wanted.data.document),
      upstreams: upstreamNamesOf(active.data.document, wanted.data.document),
    };
  }, [wanted.data, active.data]);
  if (wanted.isError || active.isError)
    return <Notice tone="warning">What this changes could not be loaded. Rolling back works all the same.</Notice>;
  if (!difference) return <Skeleton className="h-20" />;
  if (difference.changes.length === 0)
    return <Notice>Its document is the same as the active one's: nothing changes for callers.</Notice>;
  return <ChangeList {...difference} />;
}
