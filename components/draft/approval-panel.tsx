"use client";
import { useState } from "react";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/input.tsx";
import { Notice, type NoticeTone } from "#components/ui/notice.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { toast } from "#components/ui/toast.ts";
import { useMay, useViewer } from "#components/viewer/viewer.tsx";
import type { ApprovalView } from "#lib/domain/approval/schemas.ts";
import type { DraftView } from "#lib/domain/draft/schemas.ts";
import { type Decision, useDecideApproval, useRequestApproval } from "#lib/query/approvals.ts";

type Step = "request" | Decision;

const steps = {
  request: {
    title: "Request an approval",
    label: "Request",
    done: "Approval requested",
    hint: "What to look at, and why.",
  },
  approve: { title: "Approve this draft", label: "Approve", done: "Draft approved", hint: "Kept with the approval." },
  reject: { title: "Reject this draft", label: "Reject", done: "Draft rejected", hint: "What should be different." },
  withdraw: { title: "Take the request back", label: "Take back", done: "Request taken back", hint: "" },
} as const satisfies Record<Step, { title: string; label: string; done: string; hint: string }>;

/** Whether a draft may be published by the rule that another person must approve it, and what can be done about that. */
export function ApprovalPanel({ draft }: { draft: DraftView }) {
  const [step, setStep] = useState<Step | null>(null);
  const { actor } = useViewer();
  const mayPublish = useMay("revision.publish");
  const mayApprove = useMay("revision.approve");
  const { required, latest } = draft.approval;
  const isOpen = latest?.state === "waiting" || latest?.state === "approved";
  if (draft.changes.length === 0 || (!required && !isOpen)) return null;
  const isOwn = latest?.requester.id === actor.id;
  const { tone, title, words } = wordsOf(latest);
  return (
    <Notice
      tone={tone}
      title={title}
      className="mb-3"
      action={
        <div className="flex shrink-0 flex-wrap justify-end gap-2">
          {!isOpen && mayPublish ? (
            <Button size="sm" variant="primary" onClick={() => setStep("request")}>
              Request approval
            </Button>
          ) : null}
          {latest?.state === "waiting" && mayApprove && !isOwn ? (
            <>
              <Button size="sm" onClick={() => setStep("reject")}>
                Reject
              </Button>
              <Button size="sm" variant="primary" onClick={() => setStep("approve")}>
                Approve
              </Button>
            </>
          ) : null}
          {isOpen && mayPublish && isOwn ? (
            <Button size="sm" onClick={() => setStep("withdraw")}>
              Take back
            </Button>
          ) : null}
        </div>
      }
    >
      {words}
      {latest && isOpen ? (
        <p className="text-muted text-xs">
          Requested by {latest.requester.name}, <RelativeTime at={latest.requestedAt} />
          {latest.note === "" ? null : `: “${latest.note}”`}
        </p>
      ) : null}
      {step ? <StepDialog step={step} draft={draft} latest={latest} onClose={() => setStep(null)} /> : null}
    </Notice>
  );
}

function wordsOf(latest: ApprovalView | null): { tone: NoticeTone; title: string; words: string } {
  const ask = "Any change after the request makes it void.";
  switch (latest?.state) {
    case "waiting":
      return { tone: "info", title: "This draft waits for somebody else’s approval", words: ask };
    case "approved":
      return {
        tone: "success",
        title: `${latest.decision?.by.name ?? "Somebody"} approved exactly this draft`,
        words: "It can be published as it is. Another edit makes the approval void.",
      };
    case "rejected":
      return {
        tone: "danger",
        title: `${latest.decision?.by.name ?? "Somebody"} rejected a draft`,
        words: latest.decision?.note || "No reason was given. Change it, and request another approval.",
      };
    case "void":
      return {
        tone: "warning",
        title: "The draft has changed since the approval was requested",
        words: "That request is void. Request another one for what the draft is now.",
      };
    default:
      return { tone: "info", title: "Another person must approve this draft before it is published", words: ask };
  }
}

function StepDialog({
  step,
  draft,
  latest,
  onClose,
}: {
  step: Step;
  draft: DraftView;
  latest: ApprovalView | null;
  onClose: () => void;
}) {
  const [note, setNote] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  const request = useRequestApproval();
  const decide = useDecideApproval();
  const isPending = request.isPending || decide.isPending;
  const { title, label, done, hint } = steps[step];
  const send = async () => {
    setFailure(null);
    try {
      if (step === "request") await request.mutateAsync({ note, etag: draft.etag });
      else if (latest) await decide.mutateAsync({ id: latest.id, etag: latest.etag, decision: step, note });
      toast.success(done);
      onClose();
    } catch (error) {
      setFailure(describeProblem(error));
    }
  };
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && !isPending && onClose()}
      title={title}
      description="It is about exactly the changes listed below, and about nothing that comes later."
      size="sm"
      footer={
        <>
          <Button onClick={onClose} disabled={isPending}>
            Cancel
          </Button>
          <Button variant={step === "reject" ? "danger" : "primary"} isPending={isPending} onClick={() => void send()}>
            {label}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {failure ? <Notice tone="danger">{failure}</Notice> : null}
        {step === "withdraw" ? null : (
          <Field label="Note" isOptionalShown hint={hint}>
            {(control) => (
              <Textarea
                {...control}
                rows={3}
                maxLength={2_000}
                value={note}
                onChange={(event) => setNote(event.target.value)}
              />
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}
