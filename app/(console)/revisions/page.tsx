import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { requireSession } from "#lib/auth/require-session.ts";
import { getDraft } from "#lib/domain/draft/index.ts";
import { listNodes } from "#lib/domain/node/index.ts";
import { listRevisions } from "#lib/domain/revision/index.ts";
import { nodeKeys } from "#lib/query/nodes.ts";
import { prefill } from "#lib/query/prefill.ts";
import { revisionKeys, revisionsPerPage } from "#lib/query/revisions.ts";
import { firstPaint } from "../first-paint.ts";
import { RevisionsClient } from "./client.tsx";
import { loadHistoryParams } from "./search-params.ts";

export const metadata: Metadata = { title: "Draft and revisions" };

const nodesMax = 200;

/** The draft, its rollout and the history. */
export default async function RevisionsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  const { cursor } = await loadHistoryParams(searchParams);
  const page = { limit: revisionsPerPage, ...(cursor === null ? {} : { cursor }) };
  const entries = await firstPaint([
    [nodeKeys.every, async () => (await listNodes(ctx, { limit: nodesMax })).data],
    [revisionKeys.list(cursor), () => listRevisions(ctx, page)],
  ]);
  const draft = ctx.actor.permissions.has("draft.read") ? await getDraft(ctx, {}) : null;
  return (
    <HydrationBoundary state={prefill(entries)}>
      <RevisionsClient draft={draft} />
    </HydrationBoundary>
  );
}
