import type { Tx } from "../../db/client.ts";
import { DomainError } from "../errors.ts";
import { activeRevision, revisionBesideCanary } from "../revision/active.ts";

/** Names of the active revision's plans by id. */
export async function activePlanNames(tx: Tx): Promise<Map<string, string>> {
  const { document } = await activeRevision(tx);
  return new Map(document.plans.map((plan) => [plan.id, plan.name]));
}

/**
 * A consumer may name only a plan that every node runs already: with a canary under way, one of both revisions. Takes the revision's lock, so that a publish that removes the
 * plan and this choice of it cannot pass each other. Returns the revision a node must have to know the plan. 409 `plan_not_published`.
 */
export async function requirePublishedPlan(
  tx: Tx,
  planId: string,
): Promise<{ minRevision: number; planNames: Map<string, string> }> {
  await tx.$queryRaw`SELECT value FROM "sequence" WHERE name = 'revision' FOR SHARE`;
  const { number, document } = await activeRevision(tx);
  const planNames = new Map(document.plans.map((plan) => [plan.id, plan.name]));
  const before = await revisionBesideCanary(tx);
  if (!planNames.has(planId) || before?.document.plans.every((plan) => plan.id !== planId)) {
    const detail = "This plan is in no active revision. Publish the draft first, or choose a published plan.";
    throw new DomainError("plan_not_published", detail, [{ pointer: "/planId", code: "plan_not_published", detail }]);
  }
  return { minRevision: before?.number ?? number, planNames };
}
