import type { Tx } from "../../db/client.ts";
import { writeAudit } from "../audit/write.ts";
import type { Context } from "../context.ts";
import { notifyChange } from "../notify.ts";
import type { ScaleOrder } from "./drivers/driver.ts";

type Inside = Context & { tx: Tx };

/** After so many tries a decision counts as failed, and the cool-down begins as if it had been carried out. */
const ATTEMPTS_MAX = 5;
const FIRST_PAUSE_MS = 5_000;

/** The driver has taken an order: it counts from now on, and those that go begin to drain. */
export async function orderTaken(ctx: Inside, order: ScaleOrder): Promise<void> {
  const { tx } = ctx;
  const { decisionId, group, fromNodes, toNodes, reason } = order;
  const at = ctx.now();
  await tx.scalingDecision.updateMany({
    where: { id: decisionId },
    data: { state: "done", attempts: order.attempt, doneAt: at, nextAttemptAt: null, error: null },
  });
  await tx.nodeGroup.updateMany({
    where: { id: group.id },
    data: { wantedNodes: toNodes, ...(toNodes > fromNodes ? { lastUpAt: at } : { lastDownAt: at }) },
  });
  if (order.leaving.length > 0) {
    await tx.node.updateMany({
      where: { id: { in: order.leaving.map(({ id }) => id) } },
      data: { isDraining: true },
    });
    await notifyChange(tx, "nodes");
  }
  await writeAudit(ctx, "nodeGroup.scale", [
    {
      resource: "nodeGroup",
      id: group.id,
      name: group.name,
      before: { nodes: fromNodes },
      after: { nodes: toNodes, reason, decision: decisionId, drained: order.leaving.map(({ id }) => id) },
    },
  ]);
}

/** The driver has not: it is tried again a few times, ever more rarely. */
export async function orderFailed(ctx: Inside, order: ScaleOrder, problem: string): Promise<void> {
  const { attempt, decisionId, group, fromNodes, toNodes } = order;
  const at = ctx.now();
  const isOver = attempt >= ATTEMPTS_MAX;
  const nextAttemptAt = isOver ? null : new Date(at.getTime() + FIRST_PAUSE_MS * 2 ** (attempt - 1));
  await ctx.tx.scalingDecision.updateMany({
    where: { id: decisionId, state: "open" },
    data: {
      attempts: attempt,
      nextAttemptAt,
      error: problem.slice(0, 1_000),
      ...(isOver ? { state: "failed", doneAt: at } : {}),
    },
  });
  if (!isOver) return;
  await ctx.tx.nodeGroup.updateMany({
    where: { id: group.id },
    data: toNodes > fromNodes ? { lastUpAt: at } : { lastDownAt: at },
  });
}
