import { PageInput, pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { JoinTokenPage } from "./schemas.ts";
import { joinTokenView } from "./view.ts";

/** Join tokens, newest first, without their secrets. */
export const listJoinTokens = query({
  name: "joinToken.list",
  permission: "joinToken.read",
  input: PageInput.omit({ q: true }),
  output: JoinTokenPage,
  async run(ctx, input) {
    const rows = await ctx.tx.joinToken.findMany(pageQuery(input));
    return toPage(rows, input.limit, (row) => joinTokenView(row, ctx.now()));
  },
});
