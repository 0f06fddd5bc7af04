"use client";
import { PlanForm } from "#components/plans/plan-form.tsx";
import { planFormValues } from "#components/plans/plan-form-values.ts";
import { RaceNotice } from "#components/revisions/race-notice.tsx";
import { useBaseline } from "#components/revisions/use-baseline.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import type { PlanView } from "#lib/domain/plan/schemas.ts";
import { useUpdatePlan } from "#lib/query/plans.ts";

/** The form of a plan that exists. What is typed stays while the plan changes underneath; then it says so. */
export function EditPlan({ plan, onClose }: { plan: PlanView; onClose: () => void }) {
  const baseline = useBaseline(plan);
  const update = useUpdatePlan(plan.id);
  const saved = useSavedToDraft();
  return (
    <>
      <RaceNotice baseline={baseline} noun="plan" />
      <PlanForm
        key={baseline.base.etag}
        initial={planFormValues(baseline.base)}
        submitLabel="Save to the draft"
        onCancel={onClose}
        onSubmit={async (values) => {
          await update.mutateAsync({ patch: values, etag: baseline.base.etag });
          saved(`The plan “${values.name}” is changed.`);
          onClose();
        }}
      />
    </>
  );
}
