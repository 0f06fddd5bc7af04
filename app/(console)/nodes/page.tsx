import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { requireSession } from "#lib/auth/require-session.ts";
import { listNodes } from "#lib/domain/node/index.ts";
import { nodeKeys } from "#lib/query/nodes.ts";
import { prefill } from "#lib/query/prefill.ts";
import { firstPaint } from "../first-paint.ts";
import { NodesClient } from "./client.tsx";

export const metadata: Metadata = { title: "Nodes" };

const firstMax = 200;

/** The gateway nodes. Of more than 200, the browser asks for the rest. */
export default async function NodesPage() {
  const ctx = await requireSession();
  const entries = await firstPaint([[nodeKeys.every, async () => (await listNodes(ctx, { limit: firstMax })).data]]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <NodesClient />
    </HydrationBoundary>
  );
}
