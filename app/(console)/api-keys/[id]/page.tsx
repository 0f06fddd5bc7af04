import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { firstPaint } from "#app/(console)/first-paint.ts";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { getApiKey } from "#lib/domain/api-key/index.ts";
import { queryUsage } from "#lib/domain/usage/index.ts";
import { gatewayAddress } from "#lib/gateway-address.ts";
import { apiKeyKeys } from "#lib/query/api-keys.ts";
import { prefill } from "#lib/query/prefill.ts";
import { dayAgo, usageDayKey } from "#lib/query/usage-summary.ts";
import { ApiKeyClient } from "./client.tsx";

export const metadata: Metadata = { title: "API key" };

export default async function ApiKeyPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("apiKey.read")) return <NoAccess what="API keys" />;
  const { id } = await params;
  const entries = await firstPaint(
    [
      [apiKeyKeys.one(id), () => getApiKey(ctx, { id })],
      [usageDayKey({ apiKeyId: id }), () => queryUsage(ctx, { apiKeyId: id, from: dayAgo(), interval: "hour" })],
    ],
    notFound,
  );
  return (
    <HydrationBoundary state={prefill(entries)}>
      <ApiKeyClient id={id} gatewayUrl={gatewayAddress((await headers()).get("host"))} />
    </HydrationBoundary>
  );
}
