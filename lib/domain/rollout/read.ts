import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { RolloutListInput, RolloutPage, RolloutView } from "./schemas.ts";
import { figuresView, judgeStanding, readStanding, shownFigures } from "./standing.ts";
import { rolloutEventView, rolloutSummary } from "./view.ts";

/** A rollout with its nodes, its figures and its story. 404. */
export const getRollout = query({
  name: "rollout.get",
  permission: "revision.read",
  input: IdInput,
  output: RolloutView,
  async run(ctx, { id }) {
    const row = await ctx.tx.rollout.findUnique({ where: { id } });
    if (!row) throw notFound("rollout");
    const events = (await ctx.tx.rolloutEvent.findMany({ where: { rolloutId: id }, orderBy: { id: "asc" } })).map(
      rolloutEventView,
    );
    const standing = await readStanding(ctx.tx, row, ctx.now());
    const now = shownFigures(standing, judgeStanding(row, standing, 0));
    const last = events.findLast(({ figures }) => figures !== null)?.figures ?? null;
    return {
      ...rolloutSummary(row),
      figures: row.endedAt === null ? now : (last ?? now),
      nodes: standing.members.map(({ hasRejected: _, ...member }) => ({
        ...member,
        figures: figuresView(member.figures),
      })),
      events,
    };
  },
});

/** Canary rollouts without their figures and stories, newest first. */
export const listRollouts = query({
  name: "rollout.list",
  permission: "revision.read",
  input: RolloutListInput,
  output: RolloutPage,
  async run(ctx, input) {
    const rows = await ctx.tx.rollout.findMany(pageQuery(input));
    return toPage(rows, input.limit, rolloutSummary);
  },
});
