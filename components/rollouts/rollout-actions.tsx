"use client";
import { useState } from "react";
import { describeProblem } from "#components/forms/describe-problem.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import type { RolloutView } from "#lib/domain/rollout/schemas.ts";
import { useDecideRollout } from "#lib/query/rollouts.ts";

/** Pause or go on at once; promote and abort after saying what that does. */
export function RolloutActions({ rollout }: { rollout: RolloutView }) {
  const [asked, setAsked] = useState<"promote" | "abort" | null>(null);
  const decide = useDecideRollout();
  const { id, etag } = rollout;
  const isPaused = rollout.state === "paused";
  const toggle = async () => {
    try {
      await decide.mutateAsync({ id, etag, decision: isPaused ? "resume" : "pause" });
    } catch (error) {
      toast.error("Nothing was changed", { description: describeProblem(error) });
    }
  };
  return (
    <>
      <Button onClick={() => void toggle()} isPending={decide.isPending}>
        {isPaused ? "Resume" : "Pause"}
      </Button>
      <Button onClick={() => setAsked("promote")}>Promote</Button>
      <Button variant="danger" onClick={() => setAsked("abort")}>
        Abort
      </Button>
      <ConfirmDialog
        isOpen={asked !== null}
        onOpenChange={(isOpen) => !isOpen && setAsked(null)}
        title={
          asked === "abort"
            ? `Abort revision ${rollout.revision}?`
            : `Promote revision ${rollout.revision} to every node?`
        }
        consequence={
          asked === "abort"
            ? `Every node gets revision ${rollout.baseline} back at once, under a new number. The draft stays as it is.`
            : "Every node takes it up at once, whatever the gate thinks so far."
        }
        confirmLabel={asked === "abort" ? "Abort" : "Promote"}
        isDestructive={asked === "abort"}
        describeError={describeProblem}
        onConfirm={async () => {
          if (asked !== null) await decide.mutateAsync({ id, etag, decision: asked });
        }}
      />
    </>
  );
}
