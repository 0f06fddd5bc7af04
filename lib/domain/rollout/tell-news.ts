import type { Rollout } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { RolloutFigures } from "./schemas.ts";
import { judgeStanding, type RolloutMember, type Standing, shownFigures } from "./standing.ts";
import { tell } from "./tell.ts";
import { verdictWords } from "./words.ts";

/** What the story says last of each thing that it follows. */
interface Known {
  applied: ReadonlySet<string>;
  rejected: ReadonlySet<string>;
  away: ReadonlySet<string>;
  verdict: RolloutFigures["verdict"] | null;
  /** Whether the story is as long as it may get by itself: decisions are always told. */
  isFull: boolean;
}

/** Nodes that come and go, and a verdict that changes its mind, must not fill the table. */
const EVENTS_MAX = 2_000;

/** Adds what has changed since the story was last looked at: nodes that took the canary, refused it, left or came back, and what the gate thinks. */
export async function tellNews(ctx: Context & { tx: Tx }, rollout: Rollout, standing: Standing): Promise<void> {
  const known = await readKnown(ctx.tx, rollout.id);
  if (known.isFull) return;
  for (const member of standing.members) if (member.isCanary) await tellNode(ctx, rollout, member, known);
  const figures = shownFigures(standing, judgeStanding(rollout, standing, 0));
  if (figures.verdict !== known.verdict && rollout.judgedSince !== null)
    await tell(ctx, rollout.id, { kind: "judged", detail: `${verdictWords(figures)}.`, figures });
}

async function tellNode(ctx: Context & { tx: Tx }, rollout: Rollout, member: RolloutMember, known: Known) {
  const { id: nodeId, name } = member;
  const isAway = member.state === "offline" || member.state === "removed";
  if (member.appliedRevision >= rollout.revision && !known.applied.has(nodeId))
    await tell(ctx, rollout.id, { kind: "node_applied", nodeId, detail: `${name} runs revision ${rollout.revision}.` });
  if (member.hasRejected && !known.rejected.has(nodeId))
    await tell(ctx, rollout.id, {
      kind: "node_rejected",
      nodeId,
      detail: `${name} rejected revision ${rollout.revision}.`,
    });
  if (isAway && !known.away.has(nodeId)) {
    const detail = member.state === "removed" ? `${name} was removed.` : `${name} does not report any more.`;
    await tell(ctx, rollout.id, { kind: "node_lost", nodeId, detail });
  }
  if (!isAway && known.away.has(nodeId))
    await tell(ctx, rollout.id, { kind: "node_returned", nodeId, detail: `${name} reports again.` });
}

/** A story is as long as its canary has nodes, and what befell them. */
async function readKnown(tx: Tx, rolloutId: string): Promise<Known> {
  const events = await tx.rolloutEvent.findMany({
    where: { rolloutId },
    orderBy: { id: "asc" },
    select: { kind: true, nodeId: true, figures: true },
  });
  const nodesOf = (kind: string) => new Set(events.flatMap((each) => (each.kind === kind ? (each.nodeId ?? []) : [])));
  const away = new Set<string>();
  for (const { kind, nodeId } of events) {
    if (kind === "node_lost" && nodeId !== null) away.add(nodeId);
    if (kind === "node_returned" && nodeId !== null) away.delete(nodeId);
  }
  const judged = events.findLast(({ kind }) => kind === "judged");
  return {
    isFull: events.length >= EVENTS_MAX,
    applied: nodesOf("node_applied"),
    rejected: nodesOf("node_rejected"),
    away,
    verdict: judged ? RolloutFigures.parse(judged.figures).verdict : null,
  };
}
