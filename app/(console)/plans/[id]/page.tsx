import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requireSession } from "#lib/auth/require-session.ts";
import { listConsumers } from "#lib/domain/consumer/index.ts";
import { getPlan } from "#lib/domain/plan/index.ts";
import { planConsumersShown, planKeys } from "#lib/query/plans.ts";
import { prefill } from "#lib/query/prefill.ts";
import { firstPaint } from "../../first-paint.ts";
import { PlanClient } from "./client.tsx";

export const metadata: Metadata = { title: "Plan" };

/** One plan of the draft. */
export default async function PlanPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSession();
  const { id } = await params;
  const entries = await firstPaint([[planKeys.one(id), () => getPlan(ctx, { id })]], notFound);
  const consumers = await firstPaint([
    [planKeys.consumers(id), () => listConsumers(ctx, { planId: id, limit: planConsumersShown })],
  ]);
  return (
    <HydrationBoundary state={prefill([...entries, ...consumers])}>
      <PlanClient id={id} />
    </HydrationBoundary>
  );
}
