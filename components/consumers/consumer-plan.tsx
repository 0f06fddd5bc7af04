"use client";
import Link from "next/link";
import { routesWords } from "#components/choices/plan-sentence.ts";
import { queryErrorState } from "#components/forms/describe-problem.ts";
import { rateLimitWords } from "#components/plans/rate-limit-words.ts";
import { Button } from "#components/ui/button.tsx";
import { TitledCard } from "#components/ui/card.tsx";
import { ErrorState } from "#components/ui/error-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { SkeletonText } from "#components/ui/skeleton.tsx";
import { useMay } from "#components/viewer/viewer.tsx";
import type { ConsumerView } from "#lib/domain/consumer/schemas.ts";
import type { PlanView } from "#lib/domain/plan/schemas.ts";
import { usePlan } from "#lib/query/plans.ts";

/** The plan a consumer is on, its limits as sentences, and the way to another one. */
export function ConsumerPlan({ consumer, onMove }: { consumer: ConsumerView; onMove: () => void }) {
  const mayWrite = useMay("consumer.write");
  const mayRead = useMay("plan.read");
  return (
    <TitledCard
      title={
        <>
          Plan:{" "}
          {consumer.planName !== null && mayRead ? (
            <Link href={`/plans/${consumer.planId}`} prefetch={false} className="hover:underline">
              {consumer.planName}
            </Link>
          ) : (
            (consumer.planName ?? "not published")
          )}
        </>
      }
      actions={
        mayWrite ? (
          <Button size="sm" onClick={onMove}>
            Move to another plan
          </Button>
        ) : null
      }
    >
      {consumer.planName === null ? (
        <Notice tone="danger">
          This plan is in no active revision, so every call is refused. Move the consumer, or publish the plan.
        </Notice>
      ) : mayRead ? (
        <PlanRules planId={consumer.planId} />
      ) : null}
    </TitledCard>
  );
}

function PlanRules({ planId }: { planId: string }) {
  const plan = usePlan(planId);
  const failure = queryErrorState(plan);
  if (failure) return <ErrorState {...failure} />;
  if (!plan.data) return <SkeletonText lines={2} />;
  return (
    <ul className="flex flex-col gap-1.5 text-sm">
      {sentences(plan.data).map((sentence) => (
        <li key={sentence} className="num">
          {sentence}
        </li>
      ))}
    </ul>
  );
}

function sentences(plan: PlanView): string[] {
  const limits =
    plan.rateLimits.length === 0 ? ["As many calls as it likes."] : plan.rateLimits.map((l) => `${rateLimitWords(l)}.`);
  return [...limits, `It may call ${routesWords(plan.routes)}.`];
}
