import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requireSession } from "#lib/auth/require-session.ts";
import { getRevision } from "#lib/domain/revision/index.ts";
import { prefill } from "#lib/query/prefill.ts";
import { revisionKeys } from "#lib/query/revisions.ts";
import { firstPaint } from "../../first-paint.ts";
import { RevisionClient } from "./client.tsx";

export async function generateMetadata({ params }: { params: Promise<{ number: string }> }): Promise<Metadata> {
  return { title: `Revision ${(await params).number}` };
}

/** One revision. */
export default async function RevisionPage({ params }: { params: Promise<{ number: string }> }) {
  const ctx = await requireSession();
  const { number: text } = await params;
  if (!/^[1-9]\d{0,8}$/.test(text)) notFound();
  const number = Number(text);
  const entries = await firstPaint([[revisionKeys.one(number), () => getRevision(ctx, { number })]], notFound);
  const before = number - 1;
  const parent =
    before === 0 ? [] : await firstPaint([[revisionKeys.one(before), () => getRevision(ctx, { number: before })]]);
  return (
    <HydrationBoundary state={prefill([...entries, ...parent])}>
      <RevisionClient number={number} />
    </HydrationBoundary>
  );
}
