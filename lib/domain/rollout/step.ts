import type { Rollout } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import { writeAudit } from "../audit/write.ts";
import type { Context } from "../context.ts";
import { callsOf } from "./figures.ts";
import { promote, rollBack } from "./finish.ts";
import { type Judgement, nextLook } from "./gate.ts";
import { lockRevisions, openRollout } from "./open.ts";
import { pause } from "./pause.ts";
import { Gate, type RolloutFigures } from "./schemas.ts";
import { judgeStanding, readStanding, type Standing, shownFigures } from "./standing.ts";
import { tellNews } from "./tell-news.ts";
import { plural, verdictWords } from "./words.ts";

/** A round comes every second: after a longer gap nobody has watched, and what nodes have to say is still to come. */
const GAP_MS = 10_000;
/** How long nodes have to report once the control plane is back, before silence or lack of figures means anything. */
const SETTLE_MS = 15_000;
/** The canary is rolled back when no node of it has been there for this long. */
const GONE_MS = 30_000;

interface Round {
  rollout: Rollout;
  standing: Standing;
  judgement: Judgement;
  figures: RolloutFigures;
  now: Date;
  /** Whether nodes have had the time to report since the control plane was last away. */
  isSettled: boolean;
}

/**
 * One round of watching the rollout that is under way, if one is: takes down what happened, asks the gate, and promotes or
 * rolls back. Everything it remembers is in the row, so that any replica goes on where another one died.
 */
export async function stepRollout(ctx: Context & { tx: Tx }): Promise<void> {
  if (!(await openRollout(ctx.tx))) return;
  await lockRevisions(ctx.tx);
  const found = await openRollout(ctx.tx);
  if (!found) return;
  const now = ctx.now();
  const standing = await readStanding(ctx.tx, found, now);
  const rollout = await noteTime(ctx, found, standing, now);
  await tellNews(ctx, rollout, standing);
  const judgement = await look(ctx, rollout, standing);
  const figures = shownFigures(standing, judgement);
  const isSettled = rollout.returnedAt === null || now.getTime() - rollout.returnedAt.getTime() >= SETTLE_MS;
  await act(ctx, { rollout, standing, judgement, figures, now, isSettled });
}

/** Keeps when the canary began to be watched, whether somebody was watching, and since when no node of it is there. */
async function noteTime(ctx: Context & { tx: Tx }, rollout: Rollout, standing: Standing, now: Date): Promise<Rollout> {
  const canaries = standing.members.filter((each) => each.isCanary);
  const hasBegun = canaries.some((each) => each.appliedRevision >= rollout.revision);
  const isGap = rollout.lookedAt !== null && now.getTime() - rollout.lookedAt.getTime() > GAP_MS;
  const isThere = canaries.some((each) => each.state !== "offline" && each.state !== "removed");
  return ctx.tx.rollout.update({
    where: { id: rollout.id },
    data: {
      lookedAt: now,
      judgedSince: rollout.judgedSince ?? (hasBegun ? now : null),
      ...(isGap ? { returnedAt: now } : {}),
      goneSince: isThere ? null : isGap ? now : (rollout.goneSince ?? now),
    },
  });
}

/** Asks the gate, and spends of the chance of a false alarm when a look is due. */
async function look(ctx: Context & { tx: Tx }, rollout: Rollout, standing: Standing): Promise<Judgement> {
  const due = nextLook(rollout, callsOf(standing.canary));
  if (due === null) return judgeStanding(rollout, standing, 0);
  const { chance, looks, nextLookCalls } = due;
  await ctx.tx.rollout.update({ where: { id: rollout.id }, data: { looks, nextLookCalls } });
  return judgeStanding(rollout, standing, chance);
}

async function act(ctx: Context & { tx: Tx }, round: Round): Promise<void> {
  const { rollout, figures, judgement, now } = round;
  const gate = Gate.parse(rollout.gate);
  const end = reasonToRollBack(round);
  if (end !== null) {
    await writeAudit(ctx, "rollout.rollBack", [await rollBack(ctx, rollout, { detail: `${end}.`, figures })]);
    return;
  }
  if (rollout.state === "paused" || !round.isSettled) return;
  const watchedMs = rollout.judgedSince === null ? 0 : now.getTime() - rollout.judgedSince.getTime();
  const isOver = rollout.judgedSince !== null && watchedMs >= gate.durationSeconds * 1_000;
  if (isOver && rollout.goneSince === null && judgement.verdict === "good") {
    const detail = `${verdictWords(figures)}, watched for ${seconds(watchedMs)}.`;
    await writeAudit(ctx, "rollout.promote", [await promote(ctx, rollout, { detail, figures })]);
  } else if (now >= rollout.deadlineAt) {
    const detail = `The gate could not decide in ${seconds(gate.timeoutSeconds * 1_000)}. ${verdictWords(figures)}.`;
    if (gate.onTimeout === "rollback")
      await writeAudit(ctx, "rollout.rollBack", [await rollBack(ctx, rollout, { detail, figures })]);
    else await writeAudit(ctx, "rollout.pause", [await pause(ctx, rollout, { detail, figures })]);
  }
}

/** Why the canary must go back now, without the full stop; null while it may go on. A pause does not shield it. */
function reasonToRollBack({ rollout, standing, judgement, figures, now, isSettled }: Round): string | null {
  const rejecting = standing.members.filter((each) => each.isCanary && each.hasRejected);
  if (rejecting.length > 0) return `${plural(rejecting.length, "node")} rejected revision ${rollout.revision}`;
  if (judgement.verdict === "worse") return verdictWords(figures);
  if (isSettled && rollout.goneSince !== null && now.getTime() - rollout.goneSince.getTime() >= GONE_MS)
    return `No node that runs revision ${rollout.revision} has been there for ${seconds(GONE_MS)}`;
  return null;
}

function seconds(durationMs: number): string {
  return plural(Math.round(durationMs / 1_000), "second");
}
