import { z } from "zod";
import type { Node, Rollout, RolloutNode } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import { OFFLINE_AFTER_MS } from "../node/view.ts";
import { callsOf, type Figures, figuresUnder, KeptTraffic, minus, quantileMs, sumOf } from "./figures.ts";
import { type Judgement, judge } from "./gate.ts";
import { type FiguresView, Gate, type RolloutFigures, type RolloutNodeView } from "./schemas.ts";

/** A node in a rollout: what it has served since, under the revision that it is to run. */
export interface RolloutMember {
  id: string;
  name: string;
  group: string;
  isCanary: boolean;
  isControl: boolean;
  state: RolloutNodeView["state"];
  appliedRevision: number;
  hasRejected: boolean;
  figures: Figures;
}

/** Where a rollout stands: its nodes, and the sums of the canary and of what it is compared with. */
export interface Standing {
  members: RolloutMember[];
  canary: Figures;
  rest: Figures;
}

const ReportedState = z.enum(["starting", "serving", "draining"]);
type NodeFacts = Pick<
  Node,
  "id" | "name" | "group" | "state" | "appliedRevision" | "rejectedRevisions" | "traffic" | "lastSeenAt" | "revokedAt"
>;

/** Reads where a rollout stands. Nodes that joined since count with the rest, if their group is compared with. */
export async function readStanding(tx: Tx, rollout: Rollout, now: Date): Promise<Standing> {
  const enrolled = await tx.rolloutNode.findMany({ where: { rolloutId: rollout.id } });
  const nodes: NodeFacts[] = await tx.node.findMany({
    where: { OR: [{ revokedAt: null }, { id: { in: enrolled.map(({ nodeId }) => nodeId) } }] },
    select: {
      id: true,
      name: true,
      group: true,
      state: true,
      appliedRevision: true,
      rejectedRevisions: true,
      traffic: true,
      lastSeenAt: true,
      revokedAt: true,
    },
    orderBy: { id: "asc" },
  });
  const byId = new Map(enrolled.map((each) => [each.nodeId, each]));
  const compared = new Set(enrolled.filter((each) => each.isControl).map(({ group }) => group));
  const members = nodes.map((node) => {
    const known = byId.get(node.id);
    const isControl = known?.isControl ?? compared.has(node.group);
    return memberOf(node, rollout, { isCanary: known?.isCanary ?? false, isControl, known }, now);
  });
  return {
    members,
    canary: sumOf(members.filter((each) => each.isCanary).map(({ figures }) => figures)),
    rest: sumOf(members.filter((each) => each.isControl).map(({ figures }) => figures)),
  };
}

function memberOf(
  node: NodeFacts,
  rollout: Rollout,
  part: { isCanary: boolean; isControl: boolean; known: RolloutNode | undefined },
  now: Date,
): RolloutMember {
  const { isCanary, isControl, known } = part;
  const kept = KeptTraffic.nullable().parse(node.traffic);
  // A canary's number is fresh; but before a restore from a backup, another revision may have had it.
  const revision = isCanary ? rollout.revision : rollout.baseline;
  const until = KeptTraffic.nullable().parse(known?.traffic ?? null);
  return {
    id: node.id,
    name: node.name,
    group: node.group,
    isCanary,
    isControl,
    state: stateOf(node, now),
    appliedRevision: node.appliedRevision,
    hasRejected: node.rejectedRevisions.includes(rollout.revision),
    figures: minus(figuresUnder(kept, revision), figuresUnder(until, revision)),
  };
}

function stateOf({ revokedAt, lastSeenAt, state }: NodeFacts, now: Date): RolloutMember["state"] {
  if (revokedAt !== null) return "removed";
  if (lastSeenAt === null || now.getTime() - lastSeenAt.getTime() > OFFLINE_AFTER_MS) return "offline";
  return ReportedState.parse(state);
}

/** What the gate says of a standing, allowing for the chance that this look may spend; 0 finds nothing `worse`. */
export function judgeStanding(rollout: Rollout, { canary, rest }: Standing, chance: number): Judgement {
  return judge(Gate.parse(rollout.gate), canary, rest, chance);
}

/** Figures as they are shown and kept in the story. */
export function shownFigures({ canary, rest }: Standing, { verdict, measures }: Judgement): RolloutFigures {
  return { canary: figuresView(canary), rest: figuresView(rest), verdict, measures };
}

/** Sums as ratios. */
export function figuresView(figures: Figures): FiguresView {
  const { ok, failed, refused } = figures;
  const calls = callsOf(figures);
  return {
    calls,
    failed,
    refused,
    errorRatio: ok + failed === 0 ? null : failed / (ok + failed),
    rejectionRatio: calls === 0 ? null : refused / calls,
    p95LatencyMs: quantileMs(figures, 0.95),
  };
}
