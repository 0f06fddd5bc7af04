import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { requireSession } from "#lib/auth/require-session.ts";
import { listPlans } from "#lib/domain/plan/index.ts";
import { planKeys } from "#lib/query/plans.ts";
import { prefill } from "#lib/query/prefill.ts";
import { firstPaint } from "../first-paint.ts";
import { PlansClient } from "./client.tsx";
import { loadListParams } from "./search-params.ts";

export const metadata: Metadata = { title: "Plans" };

/** The plans of the draft. */
export default async function PlansPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  const { q, cursor } = await loadListParams(searchParams);
  const input = { ...(q === "" ? {} : { q }), ...(cursor === null ? {} : { cursor }) };
  const entries = await firstPaint([[planKeys.list({ q, cursor }), () => listPlans(ctx, input)]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <PlansClient />
    </HydrationBoundary>
  );
}
