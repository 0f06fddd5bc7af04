import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { createLoader, type SearchParams } from "nuqs/server";
import { requestFilterParsers } from "#components/requests/filter-parsers.ts";
import { groupsMax, usageChoiceParsers } from "#components/usage/usage-parsers.ts";
import { intervalsOf } from "#components/usage/usage-words.ts";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { queryUsage } from "#lib/domain/usage/index.ts";
import { prefill } from "#lib/query/prefill.ts";
import { usageKeys, usageQuery } from "#lib/query/usage.ts";
import { askedRange } from "../asked-range.ts";
import { firstPaint } from "../first-paint.ts";
import { UsageClient } from "./client.tsx";

export const metadata: Metadata = { title: "Usage & cost" };

const loadUsageParams = createLoader({ ...requestFilterParsers, ...usageChoiceParsers });

/** Usage and cost by any dimension. */
export default async function UsagePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("usage.read")) return <NoAccess what="Usage and cost" />;
  const range = await askedRange(searchParams, "7d", Date.now());
  const { by, metric: _drawnOnly, interval, ...filters } = await loadUsageParams(searchParams);
  const chosen = intervalsOf(range).find((each) => each === interval) ?? range.interval;
  const asked = { fromMs: range.fromMs, toMs: range.toMs, interval: chosen, filters, groupBy: by, limit: groupsMax };
  const entries = await firstPaint([[usageKeys.of(asked), () => queryUsage(ctx, usageQuery(asked))]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <UsageClient firstRange={range} />
    </HydrationBoundary>
  );
}
