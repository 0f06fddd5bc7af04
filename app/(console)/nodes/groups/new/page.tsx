import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requireSession } from "#lib/auth/require-session.ts";
import { NewGroupClient } from "./client.tsx";

export const metadata: Metadata = { title: "New group of nodes" };

/** The form for a group that is to be. */
export default async function NewGroupPage() {
  const { actor } = await requireSession();
  if (!actor.permissions.has("nodeGroup.write")) notFound();
  return <NewGroupClient />;
}
