import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requireSession } from "#lib/auth/require-session.ts";
import { NewUpstreamClient } from "./client.tsx";

export const metadata: Metadata = { title: "New upstream" };

/** The form for an upstream that is to be. */
export default async function NewUpstreamPage() {
  const { actor } = await requireSession();
  if (!actor.permissions.has("upstream.write")) notFound();
  return <NewUpstreamClient />;
}
