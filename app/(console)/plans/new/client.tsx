"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { PlanForm } from "#components/plans/plan-form.tsx";
import { newPlanValues } from "#components/plans/plan-form-values.ts";
import { useSavedToDraft } from "#components/revisions/use-saved-to-draft.ts";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useCreatePlan } from "#lib/query/plans.ts";

/** Makes a plan in the draft. */
export function NewPlanClient() {
  const router = useRouter();
  const create = useCreatePlan();
  const saved = useSavedToDraft();
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/plans" prefetch={false} className="hover:underline">
            Plans
          </Link>
        }
        title="New plan"
        description="It is made in the draft. Consumers can be put on it once it is published."
      />
      <PlanForm
        initial={newPlanValues}
        submitLabel="Create plan"
        onCancel={() => router.push("/plans")}
        onSubmit={async (values) => {
          const plan = await create.mutateAsync(values);
          saved(`The plan “${plan.name}” is new.`);
          router.push(`/plans/${plan.id}`);
        }}
      />
    </>
  );
}
