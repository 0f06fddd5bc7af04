import { z } from "zod";
import type { ScheduledPublish } from "#prisma/generated/client.ts";
import type { Database, Tx } from "../../db/client.ts";
import { tokenActor, userActor } from "../actor.ts";
import { isAbout } from "../approval/view.ts";
import type { Actor, Context } from "../context.ts";
import { compileDraft } from "../draft/index.ts";
import type { CompiledDraft } from "../draft/read.ts";
import { DomainError } from "../errors.ts";
import { publishRevision } from "../revision/index.ts";
import { PublishInput } from "../revision/schemas.ts";
import { mutation } from "../verb.ts";
import { nameOf, scheduledPublishView } from "./view.ts";

type Inside = Context & { tx: Tx };
type Outcome = { revision: number } | { code: string; detail: string };

/** A publish that nobody expects any more would surprise more than one that is missing. */
const LATE_MAX_MS = 3_600_000;

/** Whether the time of a publish has come: a look without a lock, before `runDuePublish`. */
export async function isPublishDue(database: Database, now: Date): Promise<boolean> {
  return (await database.scheduledPublish.count({ where: { state: "waiting", at: { lte: now } } })) > 0;
}

/**
 * Runs the publish whose time has come, in the name of whoever scheduled it and with what they may do now. What it comes
 * to and the revision commit together: it runs once, whoever dies in between. For the control plane itself.
 */
export const runDuePublish = mutation({
  name: "scheduledPublish.run",
  permission: "revision.publish",
  input: z.strictObject({}),
  output: z.object({ hasRun: z.boolean() }),
  async run(ctx) {
    const [due] = await ctx.tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM scheduled_publish WHERE state = 'waiting' AND at <= ${ctx.now()} FOR UPDATE SKIP LOCKED`;
    if (!due) return { output: { hasRun: false }, audit: "unchanged" };
    const before = await ctx.tx.scheduledPublish.findUniqueOrThrow({ where: { id: due.id } });
    const outcome = await attempt(ctx, before);
    const result =
      "revision" in outcome
        ? { state: "published", revision: outcome.revision }
        : { state: "failed", failureCode: outcome.code, failureDetail: outcome.detail };
    const row = await ctx.tx.scheduledPublish.update({
      where: { id: due.id },
      data: { ...result, finishedAt: ctx.now(), version: { increment: 1 } },
    });
    const after = scheduledPublishView(row, { base: row.base, sha256: row.sha256 });
    const audited = row.state === "published" ? ("done" as const) : ("refused" as const);
    return {
      output: { hasRun: true },
      audit: { resource: "scheduledPublish", id: row.id, name: nameOf(row), outcome: audited, after },
    };
  },
});

async function attempt(ctx: Inside, row: ScheduledPublish): Promise<Outcome> {
  if (ctx.now().getTime() - row.at.getTime() > LATE_MAX_MS)
    return {
      code: "missed",
      detail: "The control plane was not running when its time came, nor within an hour of it.",
    };
  const draft = await compileDraft(ctx.tx, ctx.now());
  if (!isAbout(row, draft)) return { code: "draft_changed", detail: await whatChanged(ctx.tx, row, draft) };
  const actor = await authorNow(ctx, row);
  if (actor === null)
    return { code: "permission_denied", detail: `${row.authorName} is no longer there, or was disabled.` };
  return published({ ...ctx, actor, ifMatch: draft.etag }, row);
}

/** Publishes; what a refusal had begun is undone, and what was scheduled is told why. */
async function published(ctx: Inside, row: ScheduledPublish): Promise<Outcome> {
  const input = PublishInput.parse({
    note: row.note,
    rollout: row.rollout,
    ...(row.incompatibleBecause === null ? {} : { incompatibleBecause: row.incompatibleBecause }),
  });
  await ctx.tx.$executeRaw`SAVEPOINT scheduled_publish`;
  try {
    const { number } = await publishRevision(ctx, input);
    return { revision: number };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await ctx.tx.$executeRaw`ROLLBACK TO SAVEPOINT scheduled_publish`;
    // An edit committed between our look at the draft and the publish's own.
    if (error.code === "precondition_failed")
      return { code: "draft_changed", detail: await whatChanged(ctx.tx, row, await compileDraft(ctx.tx, ctx.now())) };
    return { code: error.code, detail: error.message };
  }
}

/** Whoever scheduled it, as they are now; null where they may not act any more. */
async function authorNow(ctx: Inside, { authorKind, authorId }: ScheduledPublish): Promise<Actor | null> {
  if (authorKind === "system") return ctx.actor;
  if (authorKind === "managementToken") {
    const token = await ctx.tx.managementToken.findUnique({ where: { id: authorId, revokedAt: null } });
    if (!token || (token.expiresAt && token.expiresAt <= ctx.now())) return null;
    return tokenActor(token);
  }
  const user = await ctx.tx.user.findUnique({ where: { id: authorId, disabledAt: null }, include: { teams: true } });
  if (!user) return null;
  return userActor({ ...user, teamIds: user.teams.map(({ teamId }) => teamId) });
}

/** Why what was scheduled is not what the draft is now. */
async function whatChanged(tx: Tx, row: ScheduledPublish, draft: CompiledDraft): Promise<string> {
  if (draft.base !== row.base)
    return `Revision ${draft.base} became the active one after this was scheduled on top of revision ${row.base}.`;
  const [edit] = await tx.$queryRaw<{ resource: string; name: string; by: string | null }[]>`
    SELECT change.resource, change.resource_name AS name, personal.actor_name AS by
    FROM policy_change change
    JOIN audit_entry entry ON entry.id = change.entry_id
    LEFT JOIN audit_personal personal ON personal.entry_id = change.entry_id
    WHERE entry.at >= ${row.createdAt} ORDER BY change.entry_id DESC LIMIT 1`;
  if (!edit) return "The prices of the price list changed after this was scheduled.";
  return `The draft was changed after this was scheduled: last the ${edit.resource} ${edit.name}, by ${edit.by ?? "somebody"}.`;
}
