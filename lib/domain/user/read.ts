import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { UserListInput, UserPage, UserView } from "./schemas.ts";
import { USER_PARTS, userView } from "./view.ts";

/** One person. 404. */
export const getUser = query({
  name: "user.get",
  permission: "user.read",
  input: IdInput,
  output: UserView,
  async run(ctx, { id }) {
    const row = await ctx.tx.user.findUnique({ where: { id }, include: USER_PARTS });
    if (!row) throw notFound("user");
    return userView(row, ctx.now());
  },
});

/** The people of the organisation, newest first. */
export const listUsers = query({
  name: "user.list",
  permission: "user.read",
  input: UserListInput,
  output: UserPage,
  async run(ctx, input) {
    const page = pageQuery(input);
    const contains = { contains: input.q ?? "", mode: "insensitive" as const };
    const where = {
      AND: [
        page.where,
        input.role === undefined ? {} : { role: input.role },
        input.teamId === undefined ? {} : { teams: { some: { teamId: input.teamId } } },
        input.q === undefined ? {} : { OR: [{ name: contains }, { email: contains }, { id: input.q }] },
      ],
    };
    const rows = await ctx.tx.user.findMany({ ...page, where, include: USER_PARTS });
    return toPage(rows, input.limit, (row) => userView(row, ctx.now()));
  },
});
