import type { ScalingDecision as DecisionRow, NodeGroup } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import { newId } from "../new-id.ts";
import { OFFLINE_AFTER_MS } from "../node/view.ts";
import type { Observed } from "../node-group/observed.ts";
import { decideScale, type ScalingDecision, type ScalingReason } from "./decide.ts";
import type { DriverFindings, ScaleOrder } from "./drivers/driver.ts";
import { ScalingFigures, ScalingPolicy } from "./schemas.ts";
import { decisionSentence } from "./words.ts";

/** Reasons to stay that are worth a line in the story; the others are what is normal. */
const TOLD: ReadonlySet<ScalingReason> = new Set(["at_maximum", "reports_missing", "no_reports"]);
/** The same reason to stay is told again after so long. */
const TOLD_AGAIN_MS = 3_600_000;

/** A group's row as it was when its driver was chosen. */
export type LookedAt = Pick<NodeGroup, "id" | "name" | "version" | "driver">;

/**
 * Decides, and keeps what was decided. Returns what the driver is to do now, or null. A decision stays open until the
 * driver has taken it; another number in its place replaces it.
 */
export async function lookAgain(tx: Tx, seen: LookedAt, found: DriverFindings, now: Date): Promise<ScaleOrder | null> {
  const group = await lockGroup(tx, seen);
  if (group === null || group.scaling === null) return null;
  const policy = ScalingPolicy.parse(group.scaling);
  const { nodes, nodesMax } = found;
  const maximum = Math.max(1, Math.min(policy.maximum, nodesMax ?? policy.maximum));
  const decision = decideScale({
    policy: { ...policy, maximum, minimum: Math.min(policy.minimum, maximum) },
    nodes,
    reports: found.reports,
    memory: {
      lastUpMs: group.lastUpAt?.getTime() ?? null,
      lastDownMs: group.lastDownAt?.getTime() ?? null,
      lowSinceMs: group.lowSince?.getTime() ?? null,
      lowPeakNodes: group.lowPeakNodes,
    },
    nowMs: now.getTime(),
  });
  const problem =
    maximum < policy.maximum ? `This machine runs at most ${maximum} nodes: GATEWAY_NODES_MAX says so.` : null;
  await keepLook(tx, group.id, { at: now.toISOString(), nodes, problem, supervisor: found.supervisor }, decision);
  const row = await decisionRow(tx, group.id, nodes, decision, now);
  if (row === null || (row.nextAttemptAt !== null && row.nextAttemptAt > now)) return null;
  return orderOf(tx, group, row, now);
}

/** The driver could not be asked: nothing is decided, and the group says why. */
export async function lookFailed(
  tx: Tx,
  seen: LookedAt,
  found: { problem: string; supervisor: string | null },
  now: Date,
): Promise<void> {
  const group = await lockGroup(tx, seen);
  if (group === null) return;
  const observed: Observed = { at: now.toISOString(), nodes: null, ...found };
  await tx.nodeGroup.update({ where: { id: group.id }, data: { observed, lowSince: null, lowPeakNodes: null } });
}

/** Null when somebody has changed the group since it was looked at: the next look sees what it is now. */
async function lockGroup(tx: Tx, { id, version }: LookedAt): Promise<NodeGroupRow | null> {
  await tx.$queryRaw`SELECT 1 AS locked FROM node_group WHERE id = ${id} FOR UPDATE`;
  return tx.nodeGroup.findUnique({ where: { id, version } });
}
type NodeGroupRow = Omit<NodeGroup, "sealedSecret">;

async function keepLook(tx: Tx, id: string, observed: Observed, decision: ScalingDecision): Promise<void> {
  const { lowSinceMs, lowPeakNodes } = decision;
  const lowSince = lowSinceMs === null ? null : new Date(lowSinceMs);
  await tx.nodeGroup.update({ where: { id }, data: { observed, lowSince, lowPeakNodes } });
}

/** The decision that the driver is to carry out, or null. */
async function decisionRow(
  tx: Tx,
  groupId: string,
  nodes: number,
  decision: ScalingDecision,
  now: Date,
): Promise<DecisionRow | null> {
  const { kind, toNodes, reason, figures } = decision;
  const open = await tx.scalingDecision.findFirst({ where: { groupId, state: "open" }, orderBy: { id: "desc" } });
  const isSame = open !== null && nodes === open.fromNodes && (kind === "held" || toNodes === open.toNodes);
  if (isSame) return open;
  if (open !== null) await tx.scalingDecision.update({ where: { id: open.id }, data: { state: "replaced" } });
  const made = { groupId, at: now, kind, fromNodes: nodes, toNodes, reason, figures };
  if (kind !== "held") return tx.scalingDecision.create({ data: { id: newId("scd"), ...made, state: "open" } });
  if (TOLD.has(reason) && !(await wasTold(tx, groupId, reason, now)))
    await tx.scalingDecision.create({ data: { id: newId("scd"), ...made, state: "none" } });
  return null;
}

async function wasTold(tx: Tx, groupId: string, reason: string, now: Date): Promise<boolean> {
  const last = await tx.scalingDecision.findFirst({ where: { groupId }, orderBy: { id: "desc" } });
  return last !== null && last.reason === reason && now.getTime() - last.at.getTime() < TOLD_AGAIN_MS;
}

async function orderOf(tx: Tx, group: NodeGroupRow, row: DecisionRow, now: Date): Promise<ScaleOrder> {
  const figures = ScalingFigures.parse(row.figures);
  const { id: decisionId, fromNodes, toNodes, reason } = row;
  return {
    decisionId,
    group: { id: group.id, name: group.name },
    fromNodes,
    toNodes,
    reason,
    sentence: decisionSentence(reason, fromNodes, toNodes, figures),
    figures,
    attempt: row.attempts + 1,
    leaving:
      isWebhook(group.driver) && toNodes < fromNodes ? await leaving(tx, group.name, fromNodes - toNodes, now) : [],
  };
}

/** A webhook's receiver is told which nodes go; the other drivers choose for themselves. */
function isWebhook(driver: unknown): boolean {
  return typeof driver === "object" && driver !== null && "kind" in driver && driver.kind === "webhook";
}

/** The newest go first: those that are there for long keep their caches. */
async function leaving(tx: Tx, group: string, count: number, now: Date): Promise<{ id: string; name: string }[]> {
  const since = new Date(now.getTime() - OFFLINE_AFTER_MS);
  return tx.node.findMany({
    where: { group, revokedAt: null, stoppedAt: null, isDraining: false, lastSeenAt: { gte: since } },
    select: { id: true, name: true },
    orderBy: { id: "desc" },
    take: count,
  });
}
