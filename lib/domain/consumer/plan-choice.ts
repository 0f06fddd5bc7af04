import type { Tx } from "../../db/client.ts";
import { DomainError } from "../errors.ts";
import { activeRevision } from "../revision/active.ts";

/** Names of the active revision's plans by id. */
export async function activePlanNames(tx: Tx): Promise<Map<string, string>> {
  const { document } = await activeRevision(tx);
  return new Map(document.plans.map((plan) => [plan.id, plan.name]));
}

/**
 * A consumer may name only a plan that nodes run already. Takes the revision's lock, so that a publish that removes the
 * plan and this choice of it cannot pass each other. Returns the revision a node must have to know the plan. 409 `plan_not_published`.
 */
export async function requirePublishedPlan(
  tx: Tx,
  planId: string,
): Promise<{ minRevision: number; planNames: Map<string, string> }> {
  await tx.$queryRaw`SELECT value FROM "sequence" WHERE name = 'revision' FOR SHARE`;
  const { number, document } = await activeRevision(tx);
  const planNames = new Map(document.plans.map((plan) => [plan.id, plan.name]));
  if (!planNames.has(planId)) {
    const detail = "This plan is in no active revision. Publish the draft first, or choose a published plan.";
    throw new DomainError("plan_not_published", detail, [{ pointer: "/planId", code: "plan_not_published", detail }]);
  }
  return { minRevision: number, planNames };
}
