import { z } from "zod";
import { PERMISSIONS } from "../../contract/permissions.ts";
import { DomainError } from "../errors.ts";
import { query } from "../verb.ts";
import { MeView } from "./schemas.ts";

/** Who is asking, and what they may do: what a console shows or hides. The verbs decide for themselves. */
export const getMe = query({
  name: "me.get",
  permission: "me.read",
  input: z.strictObject({}),
  output: MeView,
  async run(ctx) {
    const { actor } = ctx;
    if (actor.kind !== "user" && actor.kind !== "managementToken")
      throw new DomainError("permission_denied", "Only people and management tokens have this page.");
    const user = await ctx.tx.user.findUnique({ where: { id: actor.id }, include: { teams: true } });
    const ownTeamIds = user?.teams.map((member) => member.teamId) ?? [];
    const teams = await ctx.tx.team.findMany({ where: { id: { in: ownTeamIds } }, orderBy: { name: "asc" } });
    const installation = await ctx.tx.installation.findUnique({ where: { id: 1 } });
    return {
      actor: { kind: actor.kind, id: actor.id, name: actor.name },
      user: user && { name: user.name, email: user.email },
      role: actor.role,
      permissions: PERMISSIONS.filter((permission) => actor.permissions.has(permission)),
      scope: actor.scope === "organisation" ? ("organisation" as const) : ("teams" as const),
      teams: teams.map(({ id, name }) => ({ id, name })),
      organisation: {
        name: installation?.name ?? "Turnpike",
        timezone: installation?.timezone ?? "UTC",
        currency: "USD" as const,
      },
    };
  },
});
