import type { Rollout } from "#prisma/generated/client.ts";
import type { Database, Tx } from "../../db/client.ts";

/** The rollout that is not over yet, or null. */
export function openRollout(tx: Tx): Promise<Rollout | null> {
  return tx.rollout.findFirst({ where: { endedAt: null } });
}

/** Whether there is one: a look without a lock, before a round of its watching. */
export async function isRolloutOpen(database: Database): Promise<boolean> {
  return (await database.rollout.count({ where: { endedAt: null } })) > 0;
}

/** The revision that most nodes run: of an unfinished canary the one before it; else the newest. 0 before the first. */
export async function prevailingRevision(tx: Tx): Promise<number> {
  const open = await openRollout(tx);
  if (open) return open.baseline;
  const newest = await tx.revision.aggregate({ _max: { number: true } });
  return newest._max.number ?? 0;
}

/** How soon nodes are to report again while a canary is under way, so that the gate hears of what goes wrong. */
const NEXT_REPORT_MS = 1_000;

/** The part of the answer to a report that says when to report again. */
export async function reportPace(tx: Tx): Promise<{ nextReportMs?: number }> {
  return (await openRollout(tx)) ? { nextReportMs: NEXT_REPORT_MS } : {};
}

/** Keeps publishes, rollbacks and decisions on rollouts apart. Taken before a rollout's row, always in this order. */
export async function lockRevisions(tx: Tx): Promise<void> {
  await tx.$queryRaw`SELECT value FROM "sequence" WHERE name = 'revision' FOR UPDATE`;
}
