import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { firstPaint } from "#app/(console)/first-paint.ts";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { listUsers } from "#lib/domain/user/index.ts";
import { given, prefill } from "#lib/query/prefill.ts";
import { userKeys } from "#lib/query/users.ts";
import { MembersClient } from "./client.tsx";
import { loadMemberParams } from "./search-params.ts";

export const metadata: Metadata = { title: "Members" };

export default async function MembersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("user.read")) return <NoAccess what="Members" />;
  const { q, cursor, role } = await loadMemberParams(searchParams);
  const query = { q, cursor, role, teamId: null };
  const entries = await firstPaint([[userKeys.list(query), () => listUsers(ctx, given(query))]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <MembersClient />
    </HydrationBoundary>
  );
}
