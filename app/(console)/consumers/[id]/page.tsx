import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { firstPaint } from "#app/(console)/first-paint.ts";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { listApiKeys } from "#lib/domain/api-key/index.ts";
import { getConsumer } from "#lib/domain/consumer/index.ts";
import { queryUsage } from "#lib/domain/usage/index.ts";
import { gatewayAddress } from "#lib/gateway-address.ts";
import { apiKeyKeys } from "#lib/query/api-keys.ts";
import { consumerKeys } from "#lib/query/consumers.ts";
import { given, prefill } from "#lib/query/prefill.ts";
import { dayAgo, usageDayKey } from "#lib/query/usage-summary.ts";
import { ConsumerClient } from "./client.tsx";

export const metadata: Metadata = { title: "Consumer" };

export default async function ConsumerPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("consumer.read")) return <NoAccess what="Consumers" />;
  const { id } = await params;
  const keys = { q: "", cursor: null, state: null, consumerId: id };
  const entries = await firstPaint(
    [
      [consumerKeys.one(id), () => getConsumer(ctx, { id })],
      [apiKeyKeys.list(keys), () => listApiKeys(ctx, given(keys))],
      [usageDayKey({ consumerId: id }), () => queryUsage(ctx, { consumerId: id, from: dayAgo(), interval: "hour" })],
    ],
    notFound,
  );
  return (
    <HydrationBoundary state={prefill(entries)}>
      <ConsumerClient id={id} gatewayUrl={gatewayAddress((await headers()).get("host"))} />
    </HydrationBoundary>
  );
}
