import { z } from "zod";
import type { Plan } from "#prisma/generated/client.ts";
import { PlanRateLimit } from "../../contract/rate-limit.ts";
import type { Tx } from "../../db/client.ts";
import { etagOf } from "../etag.ts";
import type { PlanView } from "./schemas.ts";

const Stored = z.object({ rateLimits: z.array(PlanRateLimit), routes: z.array(z.string()) });

/** The parts of a plan that a person writes, as the row holds them. */
export function planFields(row: Plan) {
  const { rateLimits, routes } = Stored.parse(row);
  const { name, description, maxStaleSeconds } = row;
  return { name, description, rateLimits, quotas: [], routes, maxStaleSeconds };
}

/** A plan as the draft has it. `consumers`: how many live consumers are on it. */
export function planView(row: Plan, consumers: number): PlanView {
  return {
    id: row.id,
    ...planFields(row),
    consumers,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    etag: etagOf(row.version),
  };
}

/** How many consumers are on each of the plans. */
export async function consumersByPlan(tx: Tx, planIds: string[]): Promise<Map<string, number>> {
  const groups = await tx.consumer.groupBy({ by: ["planId"], where: { planId: { in: planIds } }, _count: true });
  return new Map(groups.map((group) => [group.planId, group._count]));
}
