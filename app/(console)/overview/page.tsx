import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { queryUsage } from "#lib/domain/usage/index.ts";
import { prefill } from "#lib/query/prefill.ts";
import { usageKeys, usageQuery } from "#lib/query/usage.ts";
import { askedRange } from "../asked-range.ts";
import { firstPaint } from "../first-paint.ts";
import { statusGroups } from "./asked.ts";
import { OverviewClient } from "./client.tsx";

export const metadata: Metadata = { title: "Overview" };

/** The page after the sign-in. */
export default async function OverviewPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("usage.read")) return <NoAccess what="Figures of use" />;
  const range = await askedRange(searchParams, "24h", Date.now());
  const { fromMs, toMs, interval } = range;
  const whole = { fromMs, toMs, interval };
  const byStatus = { ...whole, ...statusGroups };
  const entries = await firstPaint(
    [whole, byStatus].map((asked) => [usageKeys.of(asked), () => queryUsage(ctx, usageQuery(asked))] as const),
  );
  return (
    <HydrationBoundary state={prefill(entries)}>
      <OverviewClient firstRange={range} />
    </HydrationBoundary>
  );
}
