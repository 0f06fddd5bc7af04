import { compileDraft } from "../draft/index.ts";
import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { ScheduledPublishListInput, ScheduledPublishPage, ScheduledPublishView } from "./schemas.ts";
import { scheduledPublishView } from "./view.ts";

/** One scheduled publish. 404. */
export const getScheduledPublish = query({
  name: "scheduledPublish.get",
  permission: "draft.read",
  input: IdInput,
  output: ScheduledPublishView,
  async run(ctx, { id }) {
    const row = await ctx.tx.scheduledPublish.findUnique({ where: { id } });
    if (!row) throw notFound("scheduled publish");
    return scheduledPublishView(row, await compileDraft(ctx.tx, ctx.now()));
  },
});

/** Every scheduled publish and what became of it, newest first. */
export const listScheduledPublishes = query({
  name: "scheduledPublish.list",
  permission: "draft.read",
  input: ScheduledPublishListInput,
  output: ScheduledPublishPage,
  async run(ctx, input) {
    const rows = await ctx.tx.scheduledPublish.findMany(pageQuery(input));
    const draft = await compileDraft(ctx.tx, ctx.now());
    return toPage(rows, input.limit, (row) => scheduledPublishView(row, draft));
  },
});
