import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { listRequests } from "#lib/domain/request/index.ts";
import { queryUsage } from "#lib/domain/usage/index.ts";
import { prefill } from "#lib/query/prefill.ts";
import { requestKeys, requestsQuery } from "#lib/query/requests.ts";
import { usageKeys, usageQuery } from "#lib/query/usage.ts";
import { askedRange } from "../asked-range.ts";
import { firstPaint } from "../first-paint.ts";
import { RequestsClient } from "./client.tsx";
import { loadRequestParams } from "./search-params.ts";

export const metadata: Metadata = { title: "Requests" };

/** The call explorer. */
export default async function RequestsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("request.read")) return <NoAccess what="Requests" />;
  const range = await askedRange(searchParams, "24h", Date.now());
  const { fromMs, toMs, interval } = range;
  const { q, cursor, ...filters } = await loadRequestParams(searchParams);
  const asked = { fromMs, toMs, q: q.trim(), cursor, filters };
  const sums = { fromMs, toMs, interval, filters };
  const entries = await firstPaint([
    [requestKeys.list(asked), () => listRequests(ctx, requestsQuery(asked))],
    [usageKeys.of(sums), () => queryUsage(ctx, usageQuery(sums))],
  ]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <RequestsClient firstRange={range} />
    </HydrationBoundary>
  );
}
