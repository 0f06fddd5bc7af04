import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { firstPaint } from "#app/(console)/first-paint.ts";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { listConsumers } from "#lib/domain/consumer/index.ts";
import { getTeam } from "#lib/domain/team/index.ts";
import { queryUsage } from "#lib/domain/usage/index.ts";
import { listUsers } from "#lib/domain/user/index.ts";
import { consumerKeys } from "#lib/query/consumers.ts";
import { given, prefill } from "#lib/query/prefill.ts";
import { teamKeys } from "#lib/query/teams.ts";
import { dayAgo, usageDayKey } from "#lib/query/usage-summary.ts";
import { userKeys } from "#lib/query/users.ts";
import { TeamClient } from "./client.tsx";

export const metadata: Metadata = { title: "Team" };

export default async function TeamPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("team.read")) return <NoAccess what="Teams" />;
  const { id } = await params;
  const consumers = { q: "", cursor: null, teamId: id, planId: null };
  const members = { q: "", cursor: null, role: null, teamId: id };
  const entries = await firstPaint(
    [
      [teamKeys.one(id), () => getTeam(ctx, { id })],
      [consumerKeys.list(consumers), () => listConsumers(ctx, given(consumers))],
      [userKeys.list(members), () => listUsers(ctx, given(members))],
      [usageDayKey({ teamId: id }), () => queryUsage(ctx, { teamId: id, from: dayAgo(), interval: "hour" })],
    ],
    notFound,
  );
  return (
    <HydrationBoundary state={prefill(entries)}>
      <TeamClient id={id} />
    </HydrationBoundary>
  );
}
