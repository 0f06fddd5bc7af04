import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { requireSession } from "#lib/auth/require-session.ts";
import { listUpstreams } from "#lib/domain/upstream/index.ts";
import { prefill } from "#lib/query/prefill.ts";
import { upstreamKeys } from "#lib/query/upstreams.ts";
import { firstPaint } from "../first-paint.ts";
import { UpstreamsClient } from "./client.tsx";
import { loadListParams } from "./search-params.ts";

export const metadata: Metadata = { title: "Upstreams" };

/** The upstreams of the draft. */
export default async function UpstreamsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  const { q, cursor } = await loadListParams(searchParams);
  const input = { ...(q === "" ? {} : { q }), ...(cursor === null ? {} : { cursor }) };
  const entries = await firstPaint([[upstreamKeys.list({ q, cursor }), () => listUpstreams(ctx, input)]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <UpstreamsClient />
    </HydrationBoundary>
  );
}
