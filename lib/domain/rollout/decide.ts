import type { Rollout } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import type { Context } from "../context.ts";
import { DomainError, notFound } from "../errors.ts";
import { requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { promote, rollBack } from "./finish.ts";
import { lockRevisions } from "./open.ts";
import { pause, resume } from "./pause.ts";
import { Gate, RolloutSummary } from "./schemas.ts";
import { judgeStanding, readStanding, shownFigures } from "./standing.ts";
import { rolloutSummary } from "./view.ts";

/** Stops a rollout's clock; a failing gate still rolls it back. 404; 409 `rollout_over`, `conflict` when it is paused; 412. */
export const pauseRollout = mutation({
  name: "rollout.pause",
  permission: "revision.publish",
  input: IdInput,
  output: RolloutSummary,
  async run(ctx, { id }) {
    const rollout = await unfinished(ctx, id);
    if (rollout.state === "paused") throw new DomainError("conflict", "This rollout is paused already.");
    const audit = await pause(ctx, rollout, { detail: "Paused by hand." });
    return { output: await summaryNow(ctx.tx, id), audit };
  },
});

/** Lets a paused rollout go on. 404; 409 `rollout_over`, `conflict` when it is not paused; 412. */
export const resumeRollout = mutation({
  name: "rollout.resume",
  permission: "revision.publish",
  input: IdInput,
  output: RolloutSummary,
  async run(ctx, { id }) {
    const rollout = await unfinished(ctx, id);
    if (rollout.state !== "paused") throw new DomainError("conflict", "This rollout is not paused.");
    const audit = await resume(ctx, rollout, Gate.parse(rollout.gate).timeoutSeconds * 1_000);
    return { output: await summaryNow(ctx.tx, id), audit };
  },
});

/** Gives the canary's revision to every node, whatever the gate thinks so far. 404; 409 `rollout_over`; 412. */
export const promoteRollout = mutation({
  name: "rollout.promote",
  permission: "revision.publish",
  input: IdInput,
  output: RolloutSummary,
  async run(ctx, { id }) {
    const rollout = await unfinished(ctx, id);
    const figures = await figuresNow(ctx, rollout);
    const audit = await promote(ctx, rollout, { detail: "Promoted by hand.", figures });
    return { output: await summaryNow(ctx.tx, id), audit };
  },
});

/** Takes the canary back: every node gets the revision before it, under a new number. 404; 409 `rollout_over`; 412. */
export const abortRollout = mutation({
  name: "rollout.abort",
  permission: "revision.publish",
  input: IdInput,
  output: RolloutSummary,
  async run(ctx, { id }) {
    const rollout = await unfinished(ctx, id);
    const figures = await figuresNow(ctx, rollout);
    const audit = await rollBack(ctx, rollout, { detail: "Aborted by hand.", figures });
    return { output: await summaryNow(ctx.tx, id), audit };
  },
});

async function unfinished(ctx: Context & { tx: Tx }, id: string): Promise<Rollout> {
  await lockRevisions(ctx.tx);
  const rollout = await ctx.tx.rollout.findUnique({ where: { id } });
  if (!rollout) throw notFound("rollout");
  requireMatch(ctx, rollout.version);
  if (rollout.endedAt !== null)
    throw new DomainError(
      "rollout_over",
      rollout.state === "promoted"
        ? `This rollout was promoted: every node has revision ${rollout.revision}. Roll back to undo it.`
        : `This rollout was rolled back already, by revision ${rollout.endedBy}.`,
    );
  return rollout;
}

async function figuresNow(ctx: Context & { tx: Tx }, rollout: Rollout) {
  const standing = await readStanding(ctx.tx, rollout, ctx.now());
  return shownFigures(standing, judgeStanding(rollout, standing, 0));
}

async function summaryNow(tx: Tx, id: string): Promise<RolloutSummary> {
  return rolloutSummary(await tx.rollout.findUniqueOrThrow({ where: { id } }));
}
