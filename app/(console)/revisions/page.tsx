import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { requireSession } from "#lib/auth/require-session.ts";
import { getDraft } from "#lib/domain/draft/index.ts";
import { listRevisions } from "#lib/domain/revision/index.ts";
import { draftKey } from "#lib/query/draft.ts";
import { prefill } from "#lib/query/prefill.ts";
import { revisionKeys, revisionsPerPage } from "#lib/query/revisions.ts";
import { firstPaint } from "../first-paint.ts";
import { RevisionsClient } from "./client.tsx";
import { loadHistoryParams } from "./search-params.ts";

export const metadata: Metadata = { title: "Draft and revisions" };

/** The draft, its rollout and the history. */
export default async function RevisionsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const ctx = await requireSession();
  const { cursor } = await loadHistoryParams(searchParams);
  const page = { limit: revisionsPerPage, ...(cursor === null ? {} : { cursor }) };
  const entries = await firstPaint([
    [draftKey, () => getDraft(ctx, {})],
    [revisionKeys.list(cursor), () => listRevisions(ctx, page)],
  ]);
  return (
    <HydrationBoundary state={prefill(entries)}>
      <RevisionsClient />
    </HydrationBoundary>
  );
}
