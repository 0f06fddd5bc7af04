import type { z } from "zod";
import type { Tx } from "../../db/client.ts";
import { notFound } from "../errors.ts";
import { lostRace, requireMatch } from "../etag.ts";
import { mergePatch, PatchInput } from "../merge-patch.ts";
import { parseInput } from "../parse-input.ts";
import { mutation } from "../verb.ts";
import { isActiveOwner, requireAnotherOwner, requireFreeEmail, requireGrant, requireKnownTeams } from "./guards.ts";
import { UserPatch, UserView } from "./schemas.ts";
import { USER_PARTS, type UserRow, userView } from "./view.ts";

/**
 * Changes a person's name, e-mail, role, teams, or disables them: in force at their next request, since every request
 * reads the user anew. 403 above the own role, 404, 409 for the last owner or a taken e-mail, 412.
 */
export const updateUser = mutation({
  name: "user.update",
  permission: "user.write",
  input: PatchInput,
  output: UserView,
  async run(ctx, { id, patch }) {
    const before = await ctx.tx.user.findUnique({ where: { id }, include: USER_PARTS });
    if (!before) throw notFound("user");
    requireGrant(ctx.actor, before.role);
    requireMatch(ctx, before.version);
    const changed = parseInput(UserPatch, mergePatch(writable(before), patch));
    requireGrant(ctx.actor, changed.role);
    if (isActiveOwner(writable(before)) && !isActiveOwner(changed)) await requireAnotherOwner(ctx.tx, id);
    await requireFreeEmail(ctx.tx, changed.email, id);
    await requireKnownTeams(ctx.tx, changed.teamIds);
    await store(ctx.tx, before, changed, ctx.now());
    const row = await ctx.tx.user.findUniqueOrThrow({ where: { id }, include: USER_PARTS });
    const output = userView(row, ctx.now());
    return {
      output,
      audit: { resource: "user", id, name: row.email, before: userView(before, ctx.now()), after: output },
    };
  },
});

function writable(row: UserRow) {
  const { email, name, role } = row;
  return { email, name, role, teamIds: row.teams.map((member) => member.teamId), disabled: row.disabledAt !== null };
}

async function store(tx: Tx, before: UserRow, changed: z.output<typeof UserPatch>, now: Date): Promise<void> {
  const { teamIds, disabled, ...fields } = changed;
  const { count } = await tx.user.updateMany({
    where: { id: before.id, version: before.version },
    data: { ...fields, disabledAt: disabled ? (before.disabledAt ?? now) : null, version: { increment: 1 } },
  });
  if (count === 0) throw lostRace();
  if (disabled)
    await tx.session.updateMany({ where: { userId: before.id, revokedAt: null }, data: { revokedAt: now } });
  await tx.teamMember.deleteMany({ where: { userId: before.id, teamId: { notIn: teamIds } } });
  const had = new Set(before.teams.map((member) => member.teamId));
  const added = teamIds.filter((teamId) => !had.has(teamId)).map((teamId) => ({ teamId, userId: before.id }));
  await tx.teamMember.createMany({ data: added, skipDuplicates: true });
}
