import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { firstPaint } from "#app/(console)/first-paint.ts";
import { NoAccess } from "#components/viewer/no-access.tsx";
import { requireSession } from "#lib/auth/require-session.ts";
import { listSessions } from "#lib/domain/session/index.ts";
import { getUser } from "#lib/domain/user/index.ts";
import { sessionKeys } from "#lib/query/me.ts";
import { prefill } from "#lib/query/prefill.ts";
import { userKeys } from "#lib/query/users.ts";
import { MemberClient } from "./client.tsx";

export const metadata: Metadata = { title: "Member" };

export default async function MemberPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSession();
  if (!ctx.actor.permissions.has("user.read")) return <NoAccess what="Members" />;
  const { id } = await params;
  const entries = await firstPaint(
    [
      [userKeys.one(id), () => getUser(ctx, { id })],
      [sessionKeys.list(id), () => listSessions(ctx, { userId: id, limit: 200 })],
    ],
    notFound,
  );
  return (
    <HydrationBoundary state={prefill(entries)}>
      <MemberClient id={id} />
    </HydrationBoundary>
  );
}
