import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { TeamInput, TeamView } from "./schemas.ts";
import { TEAM_COUNTS, teamView } from "./view.ts";

/** Renames a team. 404, 409 `name_taken`, 412. */
export const updateTeam = mutation({
  name: "team.update",
  permission: "team.write",
  input: PatchInput,
  output: TeamView,
  async run(ctx, { id, patch }) {
    const before = await ctx.tx.team.findUnique({ where: { id }, include: TEAM_COUNTS });
    if (!before) throw notFound("team");
    requireMatch(ctx, before.version);
    const changed = parseInput(TeamInput, mergePatch({ name: before.name }, patch));
    const { count } = await ctx.tx.team.updateMany({
      where: { id, version: before.version },
      data: { ...changed, version: { increment: 1 } },
    });
    if (count === 0) throw lostRace();
    const output = teamView(await ctx.tx.team.findUniqueOrThrow({ where: { id }, include: TEAM_COUNTS }));
    return {
      output,
      audit: { resource: "team", id, name: output.name, teamId: id, before: teamView(before), after: output },
    };
  },
});
