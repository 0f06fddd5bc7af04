import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { headers } from "next/headers";
import type { SearchParams } from "nuqs/server";
import { firstPaint } from "#app/(console)/first-paint.ts";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { listApiKeys } from "#lib/domain/api-key/index.ts";
import { gatewayAddress } from "#lib/gateway-address.ts";
import { apiKeyKeys } from "#lib/query/api-keys.ts";
import { given, prefill } from "#lib/query/prefill.ts";
import { ApiKeysClient } from "./client.tsx";
import { loadApiKeyParams } from "./search-params.ts";

export const metadata: Metadata = { title: "API keys" };

export default async function ApiKeysPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("apiKey.read")) return <NoAccess what="API keys" />;
  const { q, cursor, state, consumerId } = await loadApiKeyParams(searchParams);
  const query = { q, cursor, state, consumerId };
  const entries = await firstPaint([[apiKeyKeys.list(query), () => listApiKeys(ctx, given(query))]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <ApiKeysClient gatewayUrl={gatewayAddress((await headers()).get("host"))} />
    </HydrationBoundary>
  );
}
