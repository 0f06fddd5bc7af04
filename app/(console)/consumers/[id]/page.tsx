import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { firstPaint } from "#app/(console)/first-paint.ts";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { getConsumer } from "#lib/domain/consumer/index.ts";
import { gatewayAddress } from "#lib/gateway-address.ts";
import { consumerKeys } from "#lib/query/consumers.ts";
import { prefill } from "#lib/query/prefill.ts";
import { ConsumerClient } from "./client.tsx";

export const metadata: Metadata = { title: "Consumer" };

export default async function ConsumerPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("consumer.read")) return <NoAccess what="Consumers" />;
  const { id } = await params;
  const entries = await firstPaint([[consumerKeys.one(id), () => getConsumer(ctx, { id })]], notFound);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <ConsumerClient id={id} gatewayUrl={gatewayAddress((await headers()).get("host"))} />
    </HydrationBoundary>
  );
}
