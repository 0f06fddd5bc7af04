import type { Metadata } from "next";
import { requireSession } from "#lib/auth/require-session.ts";
import { requirePermission } from "#lib/domain/authorize.ts";
import { NewPlanClient } from "./client.tsx";

export const metadata: Metadata = { title: "New plan" };

/** The form for a plan that is to be. */
export default async function NewPlanPage() {
  const { actor } = await requireSession();
  requirePermission(actor, "plan.write");
  return <NewPlanClient />;
}
