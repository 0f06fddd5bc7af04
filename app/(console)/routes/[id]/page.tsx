import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requireSession } from "#lib/auth/require-session.ts";
import { getRoute } from "#lib/domain/route/index.ts";
import { prefill } from "#lib/query/prefill.ts";
import { routeKeys } from "#lib/query/routes.ts";
import { firstPaint } from "../../first-paint.ts";
import { RouteClient } from "./client.tsx";

export const metadata: Metadata = { title: "Route" };

/** One route of the draft. */
export default async function RoutePage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSession();
  const { id } = await params;
  const entries = await firstPaint([[routeKeys.one(id), () => getRoute(ctx, { id })]], notFound);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <RouteClient id={id} />
    </HydrationBoundary>
  );
}
