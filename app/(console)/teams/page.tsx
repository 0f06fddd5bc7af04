import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { firstPaint } from "#app/(console)/first-paint.ts";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { listTeams } from "#lib/domain/team/index.ts";
import { given, prefill } from "#lib/query/prefill.ts";
import { teamKeys } from "#lib/query/teams.ts";
import { TeamsClient } from "./client.tsx";
import { loadTeamParams } from "./search-params.ts";

export const metadata: Metadata = { title: "Teams" };

export default async function TeamsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("team.read")) return <NoAccess what="Teams" />;
  const { q, cursor } = await loadTeamParams(searchParams);
  const query = { q, cursor };
  const entries = await firstPaint([[teamKeys.list(query), () => listTeams(ctx, given(query))]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <TeamsClient />
    </HydrationBoundary>
  );
}
