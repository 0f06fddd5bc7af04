"use client";
import { useState } from "react";
import { WhenField } from "#components/draft/when-field.tsx";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { ChangeList } from "#components/revisions/change-list.tsx";
import type { UpstreamNames } from "#components/revisions/describe-change.ts";
import { DraftProblems } from "#components/revisions/draft-problems.tsx";
import { needsOnlyReason } from "#components/revisions/needs-only-reason.ts";
import { rolloutOf } from "#components/revisions/rollout-state.ts";
import { firstRollout, rolloutInput } from "#components/rollouts/canary-values.ts";
import { RolloutChoice } from "#components/rollouts/rollout-choice.tsx";
import { SimulationPanel } from "#components/simulation/simulation-panel.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/input.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { toast } from "#components/ui/toast.ts";
import { useMay } from "#components/viewer/viewer.tsx";
import { ApiProblem } from "#lib/contract/problem.ts";
import type { DraftView } from "#lib/domain/draft/schemas.ts";
import { useNodes } from "#lib/query/nodes.ts";
import { usePublish } from "#lib/query/revisions.ts";
import { useSchedulePublish } from "#lib/query/scheduled-publishes.ts";

const noteMax = 2_000;
const reasonMax = 500;
const draftMoved =
  "Somebody changed the draft after this dialog opened, so nothing was published. The list below is what it is now: look at it, then publish.";

/** Publishes exactly the draft in sight: another edit in between is refused and shown. */
export function PublishDialog({
  draft,
  upstreams,
  onClose,
}: {
  draft: DraftView;
  upstreams: UpstreamNames;
  onClose: () => void;
}) {
  const [note, setNote] = useState("");
  const [reason, setReason] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  const [rollout, setRollout] = useState(firstRollout);
  const input = rolloutInput(rollout);
  const [when, setWhen] = useState<string | null>(null);
  const publish = usePublish();
  const schedule = useSchedulePublish();
  const isPending = publish.isPending || schedule.isPending;
  const needsReason = needsOnlyReason(draft);
  const send = async () => {
    setFailure(null);
    if ("problem" in input) return;
    try {
      const incompatibleBecause = reason.trim();
      if (when !== null) {
        const because = incompatibleBecause === "" ? {} : { incompatibleBecause };
        await schedule.mutateAsync({
          at: new Date(when).toISOString(),
          etag: draft.etag,
          publish: { note, ...because, ...input },
        });
        toast.success("Publish scheduled", { description: "It runs only if the draft is still this one." });
        return onClose();
      }
      const revision = await publish.mutateAsync({ note, etag: draft.etag, incompatibleBecause, ...input });
      const description = revision.rollout ? "Its canary is under way." : "Nodes are taking it up.";
      toast.success(`Revision ${revision.number} is published`, { description });
      onClose();
    } catch (error) {
      setFailure(error instanceof ApiProblem && error.status === 412 ? draftMoved : describeProblem(error));
    }
  };
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && !isPending && onClose()}
      title={`Publish revision ${draft.base + 1}`}
      description={rollout.strategy === "all" ? <Reach /> : "Reaches some nodes first."}
      size="lg"
      footer={
        <>
          <Button onClick={onClose} disabled={isPending}>
            Cancel
          </Button>
          <Button
            variant="primary"
            isPending={isPending}
            disabled={
              !(draft.valid || (needsReason && reason.trim() !== "")) ||
              draft.changes.length === 0 ||
              "problem" in input ||
              when === ""
            }
            onClick={() => void send()}
          >
            {when === null ? "Publish" : "Schedule"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {failure ? <Notice tone="danger">{failure}</Notice> : null}
        {needsReason ? (
          <>
            <DraftProblems problems={draft.problems} />
            <Field label="Why all the same" isRequired hint="Callers lose something: the reason is kept in the note.">
              {(control) => (
                <Textarea
                  {...control}
                  rows={2}
                  maxLength={reasonMax}
                  value={reason}
                  onChange={(event) => setReason(event.target.value)}
                />
              )}
            </Field>
          </>
        ) : null}
        <Field label="Note" isOptionalShown hint="Why, for whoever reads the history.">
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              maxLength={noteMax}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        <RolloutChoice values={rollout} onChange={setRollout} />
        <WhenField value={when} onChange={setWhen} />
        <SimulationPanel key={draft.etag} />
        <ChangeList changes={draft.changes} upstreams={upstreams} />
      </div>
    </Dialog>
  );
}

function Reach() {
  const mayRead = useMay("node.read");
  const { data } = useNodes({ everyMs: false, isAllowed: mayRead });
  if (!data) return <>Every node takes it up at once.</>;
  const { counts, nodes } = rolloutOf(data);
  if (nodes.length === 0) return <>No node has joined yet; one that does takes the newest revision.</>;
  const online = nodes.length - counts.offline;
  const reached = online === 1 ? "Reaches 1 node at once" : `Reaches ${online} nodes at once`;
  return <>{counts.offline > 0 ? `${reached}, and ${counts.offline} more when they are back.` : `${reached}.`}</>;
}
