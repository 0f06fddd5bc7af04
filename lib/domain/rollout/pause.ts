import type { Rollout } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import type { AuditFact } from "../audit/write.ts";
import type { Context } from "../context.ts";
import { auditFact } from "./finish.ts";
import type { RolloutFigures } from "./schemas.ts";
import { tell } from "./tell.ts";

/** Stops the clock of a rollout: it is not promoted and does not time out, but a failing gate still rolls it back. */
export async function pause(
  ctx: Context & { tx: Tx },
  rollout: Rollout,
  cause: { detail: string; figures?: RolloutFigures },
): Promise<AuditFact> {
  await ctx.tx.rollout.update({
    where: { id: rollout.id },
    data: { state: "paused", pausedAt: ctx.now(), version: { increment: 1 } },
  });
  await tell(ctx, rollout.id, { kind: "paused", ...cause });
  return auditFact(rollout, { state: "paused", because: cause.detail });
}

/** Lets the clock go on where it stood. A rollout that had timed out gets its whole time again. */
export async function resume(ctx: Context & { tx: Tx }, rollout: Rollout, timeoutMs: number): Promise<AuditFact> {
  const now = ctx.now();
  const pausedMs = rollout.pausedAt === null ? 0 : now.getTime() - rollout.pausedAt.getTime();
  const moved = (at: Date) => new Date(at.getTime() + pausedMs);
  const deadlineAt = moved(rollout.deadlineAt);
  await ctx.tx.rollout.update({
    where: { id: rollout.id },
    data: {
      state: "running",
      pausedAt: null,
      judgedSince: rollout.judgedSince && moved(rollout.judgedSince),
      deadlineAt: deadlineAt > now ? deadlineAt : new Date(now.getTime() + timeoutMs),
      version: { increment: 1 },
    },
  });
  await tell(ctx, rollout.id, { kind: "resumed", detail: "The rollout goes on." });
  return auditFact(rollout, { state: "running" });
}
