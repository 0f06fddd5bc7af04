import { notFound } from "../errors.ts";
import { IdInput } from "../id-input.ts";
import { PageInput, pageQuery, toPage } from "../page.ts";
import { query } from "../verb.ts";
import { TeamPage, TeamView } from "./schemas.ts";
import { TEAM_COUNTS, teamView } from "./view.ts";

/** One team. 404 when it does not exist or is not the caller's to know of. */
export const getTeam = query({
  name: "team.get",
  permission: "team.read",
  input: IdInput,
  output: TeamView,
  async run(ctx, { id }) {
    const row = await ctx.tx.team.findUnique({ where: { id }, include: TEAM_COUNTS });
    if (!row) throw notFound("team");
    return teamView(row);
  },
});

/** The teams the caller reaches, newest first. */
export const listTeams = query({
  name: "team.list",
  permission: "team.read",
  input: PageInput,
  output: TeamPage,
  async run(ctx, input) {
    const page = pageQuery(input);
    const named = input.q === undefined ? {} : { name: { contains: input.q, mode: "insensitive" as const } };
    const rows = await ctx.tx.team.findMany({ ...page, where: { ...page.where, ...named }, include: TEAM_COUNTS });
    return toPage(rows, input.limit, teamView);
  },
});
