import { Prisma, type Revision } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { newId } from "../new-id.ts";
import { OFFLINE_AFTER_MS } from "../node/view.ts";
import { chooseCanary } from "./choose-canary.ts";
import { openRollout } from "./open.ts";
import type { RolloutInput } from "./schemas.ts";
import { tell } from "./tell.ts";
import { listed, plural } from "./words.ts";

/** Throws 409 `rollout_running` while a canary is neither promoted nor rolled back: one thing at a time. */
export async function refuseWhileRunning(tx: Tx): Promise<void> {
  const open = await openRollout(tx);
  if (open)
    throw new DomainError(
      "rollout_running",
      `Revision ${open.revision} is still being rolled out. Promote it or abort it first, or roll back.`,
    );
}

/**
 * Begins the canary of a revision that has just been appended: chooses its nodes and remembers what the others had served
 * until now. 409 `rollout_impossible` without a revision or nodes to compare it with.
 */
export async function startCanary(
  ctx: Context & { tx: Tx },
  revision: Revision,
  { percent, groups, gate }: Extract<RolloutInput, { strategy: "canary" }>,
): Promise<{ id: string; canary: string[] }> {
  const now = ctx.now();
  const baseline = revision.number - 1;
  if (baseline === 0)
    throw new DomainError("rollout_impossible", "The first revision has none to be compared with. Publish it to all.");
  const nodes = await ctx.tx.node.findMany({ where: { revokedAt: null }, orderBy: { id: "asc" } });
  const since = new Date(now.getTime() - OFFLINE_AFTER_MS);
  const candidates = nodes.filter(
    (node) =>
      node.quarantinedAt === null &&
      !node.isDraining &&
      node.state === "serving" &&
      node.lastSeenAt !== null &&
      node.lastSeenAt >= since,
  );
  const chosen = chooseCanary(candidates, { revision: revision.number, percent, groups });
  refuseImpossible(chosen, groups);
  const id = newId("rol");
  const deadlineAt = new Date(now.getTime() + gate.timeoutSeconds * 1_000);
  await ctx.tx.rollout.create({
    data: { id, revision: revision.number, baseline, percent, groups, gate, startedAt: now, deadlineAt },
  });
  const isCanary = new Set(chosen.canary);
  const isControl = new Set(chosen.control);
  await ctx.tx.rolloutNode.createMany({
    data: nodes.map((node) => ({
      rolloutId: id,
      nodeId: node.id,
      name: node.name,
      group: node.group,
      isCanary: isCanary.has(node.id),
      isControl: isControl.has(node.id),
      traffic: node.traffic ?? Prisma.DbNull,
    })),
  });
  const names = nodes.filter((node) => isCanary.has(node.id)).map(({ name }) => name);
  const detail = `Revision ${revision.number} goes to ${listed(names)}; ${plural(isControl.size, "node")} to compare with ${isControl.size === 1 ? "stays" : "stay"} on revision ${baseline}.`;
  await tell(ctx, id, { kind: "started", detail });
  return { id, canary: names };
}

function refuseImpossible({ canary, control }: { canary: string[]; control: string[] }, groups: readonly string[]) {
  const where = groups.length === 0 ? "" : ` of ${listed(groups)}`;
  if (canary.length === 0)
    throw new DomainError(
      "rollout_impossible",
      `No node${where} can take a canary: it must serve, not drain, and not be in quarantine.`,
    );
  if (control.length === 0)
    throw new DomainError(
      "rollout_impossible",
      "No node is left to compare the canary with. Add one, take fewer, or publish to all.",
    );
}
