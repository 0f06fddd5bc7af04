import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requireSession } from "#lib/auth/require-session.ts";
import { getNodeGroup } from "#lib/domain/node-group/index.ts";
import { nodeGroupKeys } from "#lib/query/node-groups.ts";
import { prefill } from "#lib/query/prefill.ts";
import { firstPaint } from "../../../first-paint.ts";
import { GroupClient } from "./client.tsx";

export const metadata: Metadata = { title: "Group of nodes" };

/** One group of nodes. */
export default async function GroupPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSession();
  const { id } = await params;
  const entries = await firstPaint([[nodeGroupKeys.one(id), () => getNodeGroup(ctx, { id })]], notFound);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <GroupClient id={id} />
    </HydrationBoundary>
  );
}
