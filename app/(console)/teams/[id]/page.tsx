import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { firstPaint } from "#app/(console)/first-paint.ts";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { getTeam } from "#lib/domain/team/index.ts";
import { prefill } from "#lib/query/prefill.ts";
import { teamKeys } from "#lib/query/teams.ts";
import { TeamClient } from "./client.tsx";

export const metadata: Metadata = { title: "Team" };

export default async function TeamPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("team.read")) return <NoAccess what="Teams" />;
  const { id } = await params;
  const entries = await firstPaint([[teamKeys.one(id), () => getTeam(ctx, { id })]], notFound);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <TeamClient id={id} />
    </HydrationBoundary>
  );
}
