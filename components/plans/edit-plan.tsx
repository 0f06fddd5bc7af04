"use client";
import { useLastEditor } from "#components/draft/use-last-editor.ts";
import { useRace } from "#components/forms/use-race.ts";
import { PlanForm } from "#components/plans/plan-form.tsx";
import { planFormValues } from "#components/plans/plan-form-values.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import type { PlanView } from "#lib/domain/plan/schemas.ts";
import { useReadPlan, useUpdatePlan } from "#lib/query/plans.ts";

/** The form of a plan that exists. What is typed stays while the plan changes underneath, and is merged with it. */
export function EditPlan({ plan, onClose }: { plan: PlanView; onClose: () => void }) {
  const update = useUpdatePlan(plan.id);
  const saved = useSavedToDraft();
  const reload = useReadPlan(plan.id);
  const who = useLastEditor("plan", plan.id);
  const { current, race } = useRace({ latest: plan, values: planFormValues, reload, noun: "plan", who });
  return (
    <PlanForm
      initial={planFormValues(current())}
      race={race}
      submitLabel="Save to the draft"
      onCancel={onClose}
      onSubmit={async (values) => {
        await update.mutateAsync({ patch: values, etag: current().etag });
        saved(`The plan “${values.name}” is changed.`);
        onClose();
      }}
    />
  );
}
