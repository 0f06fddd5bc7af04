import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { firstPaint } from "#app/(console)/first-paint.ts";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { listConsumers } from "#lib/domain/consumer/index.ts";
import { consumerKeys } from "#lib/query/consumers.ts";
import { given, prefill } from "#lib/query/prefill.ts";
import { ConsumersClient } from "./client.tsx";
import { loadConsumerParams } from "./search-params.ts";

export const metadata: Metadata = { title: "Consumers" };

export default async function ConsumersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("consumer.read")) return <NoAccess what="Consumers" />;
  const { q, cursor, teamId, planId } = await loadConsumerParams(searchParams);
  const query = { q, cursor, teamId, planId };
  const entries = await firstPaint([[consumerKeys.list(query), () => listConsumers(ctx, given(query))]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <ConsumersClient />
    </HydrationBoundary>
  );
}
