import { z } from "zod";
import { DomainError, notFound } from "../errors.ts";
import { requireMatch } from "../etag.ts";
import { IdInput } from "../id-input.ts";
import { mutation } from "../verb.ts";
import { TEAM_COUNTS, teamView } from "./view.ts";

/** Removes a team that owns no consumers. 404, 409 `in_use`, 412. */
export const deleteTeam = mutation({
  name: "team.delete",
  permission: "team.write",
  input: IdInput,
  output: z.null(),
  async run(ctx, { id }) {
    const before = await ctx.tx.team.findUnique({ where: { id }, include: TEAM_COUNTS });
    if (!before) throw notFound("team");
    requireMatch(ctx, before.version);
    if (before._count.consumers > 0) {
      throw new DomainError(
        "in_use",
        `The team "${before.name}" still owns ${before._count.consumers} consumers. Delete them or move them first.`,
      );
    }
    await ctx.tx.team.delete({ where: { id } });
    return { output: null, audit: { resource: "team", id, name: before.name, teamId: id, before: teamView(before) } };
  },
});
