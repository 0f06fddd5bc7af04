import { DomainError } from "../errors.ts";
import { newId } from "../new-id.ts";
import { mutation } from "../verb.ts";
import { TeamInput, TeamView } from "./schemas.ts";
import { TEAM_COUNTS, teamView } from "./view.ts";

/** Makes a team, the tenant that owns consumers and keys. 409 `name_taken`. Needs the reach of the organisation. */
export const createTeam = mutation({
  name: "team.create",
  permission: "team.write",
  input: TeamInput,
  output: TeamView,
  async run(ctx, input) {
    if (ctx.actor.scope !== "organisation")
      throw new DomainError("permission_denied", "Only someone who reaches the whole organisation can make a team.");
    const row = await ctx.tx.team.create({ data: { id: newId("team"), name: input.name }, include: TEAM_COUNTS });
    const output = teamView(row);
    return { output, audit: { resource: "team", id: row.id, name: row.name, teamId: row.id, after: output } };
  },
});
