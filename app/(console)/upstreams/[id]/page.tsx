import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requireSession } from "#lib/auth/require-session.ts";
import { listCredentials } from "#lib/domain/credential/index.ts";
import { getUpstream } from "#lib/domain/upstream/index.ts";
import { credentialKeys, credentialsShownMax } from "#lib/query/credentials.ts";
import { prefill } from "#lib/query/prefill.ts";
import { upstreamKeys } from "#lib/query/upstreams.ts";
import { firstPaint } from "../../first-paint.ts";
import { UpstreamClient } from "./client.tsx";

export const metadata: Metadata = { title: "Upstream" };

/** One upstream of the draft. */
export default async function UpstreamPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await requireSession();
  const { id } = await params;
  const entries = await firstPaint([[upstreamKeys.one(id), () => getUpstream(ctx, { id })]], notFound);
  const credentials = await firstPaint([
    [credentialKeys.ofUpstream(id), () => listCredentials(ctx, { upstreamId: id, limit: credentialsShownMax })],
  ]);
  return (
    <HydrationBoundary state={prefill([...entries, ...credentials])}>
      <UpstreamClient id={id} />
    </HydrationBoundary>
  );
}
