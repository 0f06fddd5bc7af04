import type { Revision, Rollout } from "#prisma/generated/client.ts";
import type { Tx } from "../../db/client.ts";
import type { AuditFact } from "../audit/write.ts";
import type { Context } from "../context.ts";
import { notifyChange } from "../notify.ts";
import { appendRevision } from "../revision/append.ts";
import type { RolloutFigures } from "./schemas.ts";
import { tell } from "./tell.ts";

interface Cause {
  detail: string;
  figures?: RolloutFigures;
}

/** Lets every node have the canary's revision. Returns what the audit says of it. Call with the revisions locked. */
export async function promote(ctx: Context & { tx: Tx }, rollout: Rollout, cause: Cause): Promise<AuditFact> {
  await ctx.tx.rollout.update({
    where: { id: rollout.id },
    data: { state: "promoted", endedAt: ctx.now(), version: { increment: 1 } },
  });
  await tell(ctx, rollout.id, { kind: "promoted", ...cause });
  // The streams look again at what each node is to have.
  await notifyChange(ctx.tx, "revision");
  return auditFact(rollout, { state: "promoted", because: cause.detail, figures: cause.figures });
}

/**
 * Brings the document back that the other nodes run, under a new number, since a node takes no older one. Every node takes
 * it up. Returns what the audit says of it. Call with the revisions locked.
 */
export async function rollBack(ctx: Context & { tx: Tx }, rollout: Rollout, cause: Cause): Promise<AuditFact> {
  const { document: text, sha256 } = await ctx.tx.revision.findUniqueOrThrow({ where: { number: rollout.baseline } });
  const note = `Rollout of revision ${rollout.revision} rolled back. ${cause.detail}`;
  const kind = "rollback" as const;
  const row = await appendRevision(ctx, { text, sha256, kind, rolledBackTo: rollout.baseline, note });
  await endAs(ctx, rollout, row, cause);
  return auditFact(rollout, {
    state: "rolled_back",
    revision: row.number,
    because: cause.detail,
    figures: cause.figures,
  });
}

/** A rollback of the whole fleet to whatever revision ends the rollout that is under way. */
export async function endByRollback(ctx: Context & { tx: Tx }, rollout: Rollout, row: Revision): Promise<void> {
  const detail = `Revision ${row.rolledBackTo} was brought back on every node, as revision ${row.number}.`;
  await endAs(ctx, rollout, row, { detail });
}

async function endAs(ctx: Context & { tx: Tx }, rollout: Rollout, row: Revision, cause: Cause): Promise<void> {
  await ctx.tx.rollout.update({
    where: { id: rollout.id },
    data: { state: "rolled_back", endedAt: ctx.now(), endedBy: row.number, version: { increment: 1 } },
  });
  await tell(ctx, rollout.id, { kind: "rolled_back", ...cause });
}

/** What the audit says of a change of a rollout. */
export function auditFact(rollout: Rollout, after: object): AuditFact {
  return {
    resource: "rollout",
    id: rollout.id,
    name: `rollout of revision ${rollout.revision}`,
    before: { state: rollout.state },
    after,
  };
}
