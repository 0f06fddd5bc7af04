import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requireSession } from "#lib/auth/require-session.ts";
import { NewRouteClient } from "./client.tsx";

export const metadata: Metadata = { title: "New route" };

/** The form for a route that is to be. */
export default async function NewRoutePage() {
  const { actor } = await requireSession();
  if (!actor.permissions.has("route.write")) notFound();
  return <NewRouteClient />;
}
