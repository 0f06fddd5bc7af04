import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requireSession } from "#lib/auth/require-session.ts";
import { NewPlanClient } from "./client.tsx";

export const metadata: Metadata = { title: "New plan" };

/** The form for a plan that is to be. */
export default async function NewPlanPage() {
  const { actor } = await requireSession();
  if (!actor.permissions.has("plan.write")) notFound();
  return <NewPlanClient />;
}
