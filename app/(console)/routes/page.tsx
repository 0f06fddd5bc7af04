import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { requireSession } from "#lib/auth/require-session.ts";
import { listRoutes } from "#lib/domain/route/index.ts";
import { prefill } from "#lib/query/prefill.ts";
import { routeKeys } from "#lib/query/routes.ts";
import { firstPaint } from "../first-paint.ts";
import { RoutesClient } from "./client.tsx";
import { loadListParams } from "./search-params.ts";

export const metadata: Metadata = { title: "Routes" };

/** The routes of the draft. */
export default async function RoutesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  const { q, cursor } = await loadListParams(searchParams);
  const input = { ...(q === "" ? {} : { q }), ...(cursor === null ? {} : { cursor }) };
  const entries = await firstPaint([[routeKeys.list({ q, cursor }), () => listRoutes(ctx, input)]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <RoutesClient />
    </HydrationBoundary>
  );
}
