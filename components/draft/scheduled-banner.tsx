"use client";
import { useState } from "react";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { RelativeTime, Timestamp } from "#components/ui/relative-time.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { ScheduledPublishView } from "#lib/domain/scheduled-publish/schemas.ts";
import { liveEveryMs } from "#lib/query/live.ts";
import { useCancelScheduledPublish, useScheduledPublishes } from "#lib/query/scheduled-publishes.ts";

/** How long a publish that did not run is pointed out. */
const pointedOutMs = 86_400_000;

/** The publish that waits for its time, with the way to cancel it; else, for a day, one that did not run and why. */
export function ScheduledBanner({ scheduled }: { scheduled: ScheduledPublishView | null }) {
  return scheduled ? <Waiting scheduled={scheduled} /> : <LastFailure />;
}

function Waiting({ scheduled }: { scheduled: ScheduledPublishView }) {
  const [isAsking, setAsking] = useState(false);
  const mayCancel = useMay("revision.publish");
  const cancel = useCancelScheduledPublish();
  const { id, etag, at, author, note, isCurrent } = scheduled;
  return (
    <Notice
      tone={isCurrent ? "info" : "warning"}
      className="mb-3"
      title={
        <>
          {isCurrent ? "This draft is published" : "Nothing will be published"} at <Timestamp at={at} />
        </>
      }
      action={
        mayCancel ? (
          <Button size="sm" onClick={() => setAsking(true)}>
            Cancel it
          </Button>
        ) : undefined
      }
    >
      {isCurrent
        ? "An edit before that stops it: only what was scheduled is published."
        : "The draft has changed since it was scheduled. Cancel it, and schedule what the draft is now."}
      <p className="text-muted text-xs">
        Scheduled by {author.name}
        {note === "" ? null : `: “${note}”`}
      </p>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setAsking}
        title="Cancel the scheduled publish?"
        consequence="The draft stays as it is, and nothing is published at that time."
        confirmLabel="Cancel the publish"
        describeError={describeProblem}
        onConfirm={async () => {
          await cancel.mutateAsync({ id, etag });
        }}
      />
    </Notice>
  );
}

function LastFailure() {
  const { data, dataUpdatedAt } = useScheduledPublishes(liveEveryMs * 6);
  const [last] = data?.data ?? [];
  if (!last?.failure || last.finishedAt === null) return null;
  if (dataUpdatedAt - Date.parse(last.finishedAt) > pointedOutMs) return null;
  return (
    <Notice
      tone="warning"
      className="mb-3"
      title={
        <>
          The publish that {last.author.name} scheduled did not run, <RelativeTime at={last.finishedAt} />
        </>
      }
    >
      {last.failure.detail}
    </Notice>
  );
}
