import { compileDraft } from "../draft/index.ts";
import { DomainError, notFound } from "../errors.ts";
import { requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { ScheduledPublishView } from "./schemas.ts";
import { nameOf, scheduledPublishView } from "./view.ts";

/** Cancels a publish that waits for its time. 404; 409 `conflict` where it ran or was cancelled; 412. */
export const cancelScheduledPublish = mutation({
  name: "scheduledPublish.cancel",
  permission: "revision.publish",
  input: IdInput,
  output: ScheduledPublishView,
  async run(ctx, { id }) {
    // Waits for a run that is under way at this moment.
    await ctx.tx.$queryRaw`SELECT id FROM scheduled_publish WHERE id = ${id} FOR UPDATE`;
    const before = await ctx.tx.scheduledPublish.findUnique({ where: { id } });
    if (!before) throw notFound("scheduled publish");
    requireMatch(ctx, before.version);
    if (before.state !== "waiting")
      throw new DomainError("conflict", `This publish is ${before.state} already: there is nothing to cancel.`);
    const data = { state: "cancelled", finishedAt: ctx.now(), version: { increment: 1 } };
    const row = await ctx.tx.scheduledPublish.update({ where: { id }, data });
    const draft = await compileDraft(ctx.tx, ctx.now());
    const [output, was] = [scheduledPublishView(row, draft), scheduledPublishView(before, draft)];
    return { output, audit: { resource: "scheduledPublish", id, name: nameOf(row), before: was, after: output } };
  },
});
