import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { firstPaint } from "#app/(console)/first-paint.ts";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { listManagementTokens } from "#lib/domain/management-token/index.ts";
import { managementTokenKeys } from "#lib/query/management-tokens.ts";
import { given, prefill } from "#lib/query/prefill.ts";
import { ManagementTokensClient } from "./client.tsx";
import { loadTokenParams } from "./search-params.ts";

export const metadata: Metadata = { title: "Management tokens" };

export default async function ManagementTokensPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("managementToken.read")) return <NoAccess what="Management tokens" />;
  const { q, cursor, state } = await loadTokenParams(searchParams);
  const query = { q, cursor, state };
  const entries = await firstPaint([[managementTokenKeys.list(query), () => listManagementTokens(ctx, given(query))]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <ManagementTokensClient />
    </HydrationBoundary>
  );
}
