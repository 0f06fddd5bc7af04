import { DomainError, invalidField } from "../errors.ts";
import { newId } from "../new-id.ts";
import { requirePublishable } from "../revision/index.ts";
import { mutation } from "../verb.ts";
import { ScheduledPublishView, ScheduleInput } from "./schemas.ts";
import { nameOf, scheduledPublishView } from "./view.ts";

const AHEAD_MAX_MS = 366 * 86_400_000;

/**
 * Publishes exactly what the draft is now, at a time; a draft that has changed by then is not published. Throws what a
 * publish at once throws; 409 `conflict` where one waits already; 422 for a time that has passed.
 */
export const schedulePublish = mutation({
  name: "scheduledPublish.create",
  permission: "revision.publish",
  input: ScheduleInput,
  output: ScheduledPublishView,
  async run(ctx, { at: text, note, rollout, incompatibleBecause }) {
    const at = new Date(text);
    const aheadMs = at.getTime() - ctx.now().getTime();
    if (aheadMs <= 0)
      throw invalidField("/at", "in_the_past", "This time has passed. Choose a later one, or publish at once.");
    if (aheadMs > AHEAD_MAX_MS)
      throw invalidField("/at", "too_far", "A publish can be scheduled for up to a year ahead.");
    const { draft } = await requirePublishable(ctx, incompatibleBecause);
    const waiting = await ctx.tx.scheduledPublish.findFirst({ where: { state: "waiting" } });
    if (waiting) {
      const when = waiting.at.toISOString();
      throw new DomainError(
        "conflict",
        `A publish by ${waiting.authorName} waits for ${when} already. Cancel it first.`,
      );
    }
    const { kind, id, name } = ctx.actor;
    const row = await ctx.tx.scheduledPublish.create({
      data: {
        id: newId("spb"),
        at,
        note,
        rollout: JSON.parse(JSON.stringify(rollout)),
        incompatibleBecause: incompatibleBecause ?? null,
        base: draft.base,
        sha256: draft.sha256,
        authorKind: kind,
        authorId: id,
        authorName: name,
        createdAt: ctx.now(),
      },
    });
    const output = scheduledPublishView(row, draft);
    return { output, audit: { resource: "scheduledPublish", id: row.id, name: nameOf(row), after: output } };
  },
});
