import { requirePermission } from "../authorize.ts";
import { pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { SessionListInput, SessionPage } from "./schemas.ts";
import { SESSION_PARTS, sessionView } from "./view.ts";

/** The sessions still open, newest first: one's own, or with `userId` somebody's. 403. */
export const listSessions = query({
  name: "session.list",
  permission: "me.read",
  input: SessionListInput,
  output: SessionPage,
  async run(ctx, input) {
    const userId = input.userId ?? ctx.actor.id;
    if (userId !== ctx.actor.id) requirePermission(ctx.actor, "user.read");
    const page = pageQuery(input);
    const where = { ...page.where, userId, revokedAt: null, expiresAt: { gt: ctx.now() } };
    const rows = await ctx.tx.session.findMany({ ...page, where, include: SESSION_PARTS });
    return toPage(rows, input.limit, (row) => sessionView(row, ctx));
  },
});
