"use client";
import { Pencil, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useState } from "react";
import { HistoryButton } from "#components/draft/history-sheet.tsx";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { DeletePlan } from "#components/plans/delete-plan.tsx";
import { PlanDetail } from "#components/plans/plan-detail.tsx";
import { DraftNotice } from "#components/revisions/draft-notice.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import { usePlan } from "#lib/query/plans.ts";
import PlanLoading from "./loading.tsx";

const EditPlan = dynamic(() => import("#components/plans/edit-plan.tsx").then((module) => module.EditPlan));

/** One plan: what it allows and who is on it, or its form. */
export function PlanClient({ id }: { id: string }) {
  const router = useRouter();
  const mayWrite = useMay("plan.write");
  const query = usePlan(id);
  const [isEditing, setEditing] = useQueryState("edit", parseAsBoolean.withDefault(false));
  const [isDeleting, setDeleting] = useState(false);
  const plan = query.data;
  if (!plan) {
    const error = queryErrorState(query);
    return error ? (
      <Card>
        <ErrorState {...error} />
      </Card>
    ) : (
      <PlanLoading />
    );
  }
  const isForm = isEditing && mayWrite;
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href="/plans" prefetch={false} className="hover:underline">
            Plans
          </Link>
        }
        title={isForm ? `Edit ${plan.name}` : plan.name}
        description={isForm ? undefined : plan.description}
        actions={
          isForm ? null : (
            <>
              <HistoryButton subject={{ resource: "plan", id }} name={plan.name} />
              {mayWrite ? (
                <>
                  <Button onClick={() => void setEditing(true)}>
                    <Pencil aria-hidden />
                    Edit
                  </Button>
                  <Button variant="danger-outline" onClick={() => setDeleting(true)}>
                    <Trash2 aria-hidden />
                    Delete
                  </Button>
                </>
              ) : null}
            </>
          )
        }
      />
      <DraftNotice resource="plan" id={id} />
      {isForm ? <EditPlan plan={plan} onClose={() => void setEditing(null)} /> : <PlanDetail plan={plan} />}
      <DeletePlan
        plan={isDeleting ? plan : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => router.push("/plans")}
      />
    </>
  );
}
